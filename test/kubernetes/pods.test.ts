/** Pods and processes of the example `orders` come and go while a client writes; what a replica has confirmed stays. */
import { labels } from '../../lib/contract/names';
import { kubectl } from './support/command';
import { useKiller, useOrders } from './support/fixture';
import { database } from './support/orders';
import { serverPodsOf, untilOthers, type ServerPod } from './support/pods';
import { seconds, tell } from './support/progress';
import { underWrites } from './support/recorder-pod';
import { until } from './support/until';

jest.setTimeout(240_000);

/** Longest time until pods are replaced, and then until the database is whole again. Milliseconds. */
const boundMs = 60_000;

/** The engine notices nothing earlier: what is mended in less was mended by the agents. Milliseconds. */
const nodeTimeoutMs = 5000;

const orders = useOrders('pods');
const killer = useKiller();

test('the process of a primary is killed: its replica takes over at once', async () => {
  const victim = await aPrimary();
  const { longestSilenceMs } = await underWrites(orders(), 'kill-server', async () => {
    await killer().kill(victim, 'server');
    await until('the replica has the role', boundMs, async () =>
      (await aPrimary(victim.shard)).name === victim.name ? 'it has not' : undefined,
    );
    await tellWhole('primary killed');
  });
  expect(longestSilenceMs).toBeLessThan(nodeTimeoutMs);
  expect((await find(victim.name)).restarts.server).toBe(victim.restarts.server + 1);
});

test('the agent of the coordinator is killed, then all agents at once: no server notices', async () => {
  const before = await orders().pods();
  await underWrites(orders(), 'kill-agents', async () => {
    await killer().kill(await find((await orders().publishedStatus())!.coordinator), 'agent');
    await tellWhole('agent of the coordinator killed');
    await Promise.all((await orders().pods()).map((pod) => killer().kill(pod, 'agent')));
    await tellWhole('all agents killed');
  });
  const serverOf = ({ name, role, containerIds }: ServerPod) => ({ name, role, id: containerIds.server });
  expect((await orders().pods()).map(serverOf)).toEqual(before.map(serverOf));
});

test('the agent of a primary is killed while its pod is ending: the pod is replaced all the same', async () => {
  const victim = await aPrimary();
  await underWrites(orders(), 'kill-ending', async () => {
    const killed = await killer().killAtEnd(victim, 'agent');
    await deletePods([victim]);
    await killed();
    // Nobody restarts it, and its server waits a minute for a sign of it.
    await untilReplaced([victim], boundMs + 60_000);
    await tellWhole('agent killed while its pod was ending');
  });
});

test('all pods are deleted at once and come back at new addresses', async () => {
  const before = await orders().pods();
  await underWrites(orders(), 'delete-all', async () => {
    await deletePods(before);
    await untilReplaced(before, boundMs);
    await tellWhole('all pods replaced');
  });
  const addresses = new Set(before.map(({ ip }) => ip));
  expect((await orders().pods()).filter(({ ip }) => addresses.has(ip))).toEqual([]);
});

test('every shard is rolled at once: replicas first, and each primary hands over before it goes', async () => {
  const before = await orders().pods();
  await underWrites(orders(), 'roll', async () => {
    const all = ['statefulsets', `--selector=${labels.instance}=${database}`];
    await expect(orders().namespace.kubectl(['rollout', 'restart', ...all])).resolves.toContain('shard-2 restarted');
    tell(`every shard rolled: after ${seconds(await untilReplaced(before, 2 * boundMs))}`);
    await tellWhole('every shard rolled');
  });
});

test('a node is drained for good: its pods move, start empty and are filled again', async () => {
  const { namespace, otherNodes } = orders();
  const [node = ''] = otherNodes;
  const evicted = (await orders().pods()).filter((pod) => pod.node === node);
  const selector = serverPodsOf(database).replace('--selector', '--pod-selector');
  await underWrites(orders(), 'drain', async () => {
    try {
      const drain = ['drain', node, selector, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s'];
      await kubectl(drain, { boundMs: 125_000 });
      // The volumes may be the node's own, as in most clusters for tests: with them the pods would wait for the node.
      const claims = evicted.map(({ name }) => `data-${name}`);
      await namespace.kubectl(['delete', 'persistentvolumeclaims', ...claims, '--wait=false']);
      await deletePods(evicted);
      await untilReplaced(evicted, boundMs);
      await tellWhole(`${evicted.length} pods moved`);
      expect((await orders().pods()).filter((pod) => pod.node === node)).toEqual([]);
    } finally {
      await kubectl(['uncordon', node]);
    }
  });
});

/** The primary of a shard; of any shard unless told. */
async function aPrimary(shard?: string): Promise<ServerPod> {
  const primaries = (await orders().pods()).filter(({ role }) => role === 'primary');
  return primaries.find((pod) => shard === undefined || pod.shard === shard)!;
}

const find = async (name: string): Promise<ServerPod> => (await orders().pods()).find((pod) => pod.name === name)!;

const deletePods = (pods: readonly ServerPod[]): Promise<string> =>
  orders().namespace.kubectl(['delete', 'pods', ...pods.map(({ name }) => name), '--wait=false']);

const untilReplaced = (old: readonly ServerPod[], bound: number): Promise<number> =>
  untilOthers(orders().pods, old, bound);

async function tellWhole(event: string): Promise<void> {
  tell(`${event}: whole after ${seconds(await orders().whole(boundMs))}`);
}
