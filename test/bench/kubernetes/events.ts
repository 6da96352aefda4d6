import { labels } from '../../../lib/contract/names';
import { kubectl } from '../../kubernetes/support/command';
import type { Killer } from '../../kubernetes/support/kill';
import { database, type Orders } from '../../kubernetes/support/orders';
import { serverPodsOf, untilOthers, type ServerPod } from '../../kubernetes/support/pods';
import { until } from '../../kubernetes/support/until';

/** Something that happens to a database under load, up to where nothing of it is left to be done. */
export interface Event {
  readonly name: string;
  readonly happen: (orders: Orders, killer: Killer) => Promise<void>;
}

/** Longest time until pods are replaced. Milliseconds. */
const boundMs = 180_000;

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
];

async function aPrimary(orders: Orders): Promise<ServerPod> {
  return (await orders.pods()).find(({ role, node }) => role === 'primary' && node !== orders.quietNode)!;
}

async function replace(orders: Orders, pods: readonly ServerPod[]): Promise<void> {
  await orders.namespace.kubectl(['delete', 'pods', ...pods.map(({ name }) => name), '--wait=false']);
  await untilOthers(orders.pods, pods, boundMs);
}
