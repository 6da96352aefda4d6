import { labels, objectNames } from '../../../lib/contract/names';
import { kubectl } from '../../kubernetes/support/command';
import type { Killer } from '../../kubernetes/support/kill';
import { database, type Orders } from '../../kubernetes/support/orders';
import { serverPodsOf, untilOthers, type ServerPod } from '../../kubernetes/support/pods';
import { until } from '../../kubernetes/support/until';
import type { LoadPod } from './load-pod';
import { manifestsFor } from './spec';

/** Something that happens to a database under load, up to where nothing of it is left to be done. */
export interface Event {
  readonly name: string;
  readonly happen: (orders: Orders, killer: Killer) => Promise<void>;
  /** Afterwards there are more nodes or fewer, and it waits itself until all is well. */
  readonly otherSize?: true;
  /** What has to be there before, which is not measured. */
  readonly prepare?: (load: LoadPod) => Promise<void>;
}

/** Longest time until pods are replaced. Milliseconds. */
const boundMs = 180_000;

/** Beside those of the writers; a quarter of them moves. */
export const keysToMove = Number(process.env.KEYSPACE_KEYS ?? 2_000_000);

/** What happens, in this order; each begins with a database that is whole. */
export const events: readonly Event[] = [
  {
    name: 'kill -9 of a primary process',
    async happen(orders, killer) {
      const victim = await aPrimary(orders);
      await killer.kill(victim, 'server');
      await until('another has the role', boundMs, async () => {
        const now = (await orders.pods()).find(({ name }) => name === victim.name);
        return now?.role === 'replica' ? undefined : `${victim.name} is a ${now?.role}`;
      });
    },
  },
  {
    name: 'kubectl delete pod of a primary',
    happen: async (orders) => replace(orders, [await aPrimary(orders)]),
  },
  {
    name: 'rolling restart of all 6',
    async happen(orders) {
      const before = await orders.pods();
      await orders.namespace.kubectl([
        'rollout',
        'restart',
        'statefulsets',
        `--selector=${labels.instance}=${database}`,
      ]);
      await untilOthers(orders.pods, before, boundMs);
    },
  },
  {
    name: 'drain of a node',
    async happen(orders) {
      const [node = ''] = orders.otherNodes;
      const selector = serverPodsOf(database).replace('--selector', '--pod-selector');
      const drain = ['drain', node, selector, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s'];
      try {
        await kubectl(drain, { boundMs });
      } finally {
        await kubectl(['uncordon', node]);
      }
    },
  },
  { name: 'all pods deleted at once', happen: async (orders) => replace(orders, await orders.pods()) },
  { name: 'scale 3 -> 4 shards', prepare: (load) => load.fill(keysToMove), happen: scaleOut, otherSize: true },
  { name: 'scale 4 -> 3 shards', happen: scaleIn },
];

async function scaleOut(orders: Orders): Promise<void> {
  await orders.apply(manifestsFor(orders, 4));
  await until('every shard has its share', boundMs, async () => {
    const { health, nodes = [] } = (await orders.publishedStatus()) ?? {};
    const shares = nodes.map(({ slotCount }) => slotCount).filter((count) => count > 0);
    return health === 'Healthy' && shares.join() === '4096,4096,4096,4096' ? undefined : `${health}, ${shares.join()}`;
  });
}

/** As a tool that prunes would. */
async function scaleIn(orders: Orders): Promise<void> {
  const names = objectNames(database);
  await orders.apply(manifestsFor(orders, 3));
  const gone = [
    `statefulset/${names.statefulSet('shard-3')}`,
    `poddisruptionbudget/${names.disruptionBudget('shard-3')}`,
  ];
  await orders.namespace.kubectl(['delete', '--wait=false', ...gone]);
  await until('the pods of the fourth are gone', boundMs, async () => {
    const { length } = await orders.pods();
    return length === 6 ? undefined : `there are ${length} pods`;
  });
}

async function aPrimary(orders: Orders): Promise<ServerPod> {
  return (await orders.pods()).find(({ role, node }) => role === 'primary' && node !== orders.quietNode)!;
}

async function replace(orders: Orders, pods: readonly ServerPod[]): Promise<void> {
  await orders.namespace.kubectl(['delete', 'pods', ...pods.map(({ name }) => name), '--wait=false']);
  await untilOthers(orders.pods, pods, boundMs);
}
