/** Pods and processes of the example `orders` come and go while a client writes; what a replica has confirmed stays. */

import { kubectl } from './support/command';
import { useKiller, useOrders } from './support/fixture';
import { database, type Orders } from './support/orders';
import { serverPodsOf, type ServerPod } from './support/pods';
import { seconds, tell } from './support/progress';
import { underWrites } from './support/recorder-pod';
import { until } from './support/until';

jest.setTimeout(240_000);

/** Longest time until the database is whole again. Milliseconds. */
const boundMs = 60_000;

const orders = useOrders('pods');
const killer = useKiller();

/** Runs a case under writes; in the end the database has to be whole. */
const underWritesTest = (name: string, key: string, happen: (orders: Orders) => Promise<void>): void =>
  test(name, () => underWrites(orders(), key, () => happen(orders())));

underWritesTest(
  'the process of a primary is killed: its replica takes over at once',
  'kill-server',
  async ({ pods, whole }) => {
    const victim = (await pods()).find(({ role }) => role === 'primary')!;
    await killer().kill(victim, 'server');
    await until('the replica has the role', boundMs, async () => {
      const heir = (await pods()).find(({ shard, name }) => shard === victim.shard && name !== victim.name);
      return heir?.role === 'primary' ? undefined : `${heir?.name ?? ''} is ${heir?.role ?? ''}`;
    });
    tell(`primary killed: whole after ${seconds(await whole(boundMs))}`);
    expect((await pods()).find(({ name }) => name === victim.name)!.restarts.server).toBe(victim.restarts.server + 1);
  },
);

underWritesTest(
  'the agent of the coordinator is killed, then all agents: no server notices',
  'kill-agents',
  async ({ pods, publishedStatus, whole }) => {
    const before = await pods();
    const coordinator = (await publishedStatus())!.coordinator;
    await killer().kill(
      before.find(({ name }) => name === coordinator)!,
      'agent',
    );
    tell(`agent of the coordinator killed: whole after ${seconds(await whole(boundMs))}`);
    const again = await pods();
    await Promise.all(again.map((pod) => killer().kill(pod, 'agent')));
    tell(`all agents killed: whole after ${seconds(await whole(boundMs))}`);
    expect((await pods()).map(serverOf)).toEqual(before.map(serverOf));
  },
);

underWritesTest(
  'the agent of a primary is killed while its pod is ending: the pod is replaced all the same',
  'kill-ending',
  async ({ namespace, pods, whole }) => {
    const victim = (await pods()).find(({ role }) => role === 'primary')!;
    await Promise.all([
      namespace.kubectl(['delete', 'pod', victim.name, '--wait=false']),
      killer().kill(victim, 'agent'),
    ]);
    await untilReplaced([victim], pods, 2 * boundMs);
    tell(`agent killed while its pod was ending: whole after ${seconds(await whole(boundMs))}`);
  },
);

underWritesTest(
  'all pods are deleted at once and come back at new addresses',
  'delete-all',
  async ({ namespace, pods, whole }) => {
    const before = await pods();
    await namespace.kubectl(['delete', 'pods', serverPodsOf(database)], { boundMs });
    await until('the new pods run', boundMs, async () =>
      (await pods()).length === 6 ? undefined : 'some are missing',
    );
    tell(`all pods deleted: whole ${seconds(await whole(boundMs))} after they were gone`);
    expect((await pods()).map(({ ip }) => ip)).not.toEqual(before.map(({ ip }) => ip));
  },
);

underWritesTest(
  'a node is drained for good: its pods move, start empty and are filled again',
  'drain',
  async ({ namespace, otherNodes, pods, whole }) => {
    const [node = ''] = otherNodes;
    const evicted = (await pods()).filter((pod) => pod.node === node);
    try {
      const which = [
        serverPodsOf(database).replace('--selector', '--pod-selector'),
        '--ignore-daemonsets',
        '--delete-emptydir-data',
      ];
      await kubectl(['drain', node, ...which, '--timeout=120s'], { boundMs: 125_000 });
      // The volumes are the node's own, as in most clusters of one machine: with them the pods would wait for the node.
      await namespace.kubectl([
        'delete',
        'persistentvolumeclaims',
        ...evicted.map(({ name }) => `data-${name}`),
        '--wait=false',
      ]);
      await namespace.kubectl(['delete', 'pods', ...evicted.map(({ name }) => name)], { boundMs });
      await untilReplaced(evicted, pods, boundMs);
      tell(
        `${evicted.length} pods drained: whole ${seconds(await whole(boundMs))} after they were scheduled elsewhere`,
      );
      expect((await pods()).filter((pod) => pod.node === node)).toEqual([]);
    } finally {
      await kubectl(['uncordon', node]);
    }
  },
);

const serverOf = ({ name, restarts, containerIds }: ServerPod) => ({
  name,
  id: containerIds.server,
  restarts: restarts.server,
});

/** Waits until there are other pods of the same names, on a node. */
async function untilReplaced(old: readonly ServerPod[], pods: Orders['pods'], bound: number): Promise<void> {
  await until('the pods are replaced', bound, async () => {
    const now = await pods();
    const missing = old.find(
      ({ name, uid }) => !now.some((pod) => pod.name === name && pod.uid !== uid && pod.scheduled),
    );
    return missing && `${missing.name} is not`;
  });
}
