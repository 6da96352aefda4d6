/** What a person tells the agents of the example `orders`, in a pod, while a client writes. */
import { containers } from '../../lib/contract/names';
import { useKiller, useOrders } from './support/fixture';
import type { ServerPod } from './support/pods';
import { seconds, tell } from './support/progress';
import { underWrites } from './support/recorder-pod';
import { until } from './support/until';

jest.setTimeout(240_000);

/** Longest time until the database is whole again. Milliseconds. */
const boundMs = 60_000;

/** What a handover must stay below; the engine notices nothing earlier. Milliseconds. */
const nodeTimeoutMs = 5000;

const orders = useOrders('commands');
const killer = useKiller();

const podsOf = async (shard: string): Promise<{ readonly primary: ServerPod; readonly replica: ServerPod }> => {
  const pods = (await orders().pods()).filter((pod) => pod.shard === shard);
  const find = (role: string) => pods.find((pod) => pod.role === role)!;
  return { primary: find('primary'), replica: find('replica') };
};

const find = async ({ name }: ServerPod): Promise<ServerPod> =>
  (await orders().pods()).find((pod) => pod.name === name)!;

/** `keyspace` in a pod. @returns what it printed */
const keyspace = (pod: ServerPod, ...words: string[]): Promise<string> =>
  orders().namespace.kubectl(['exec', pod.name, `--container=${containers.agent}`, '--', 'keyspace', ...words], {
    boundMs,
  });

test('fences a primary: its pod runs on, is not ready, and stays so when its containers restart', async () => {
  const { primary, replica } = await podsOf('shard-0');
  const { longestSilenceMs } = await underWrites(orders(), 'fence', async () => {
    await expect(keyspace(replica, 'fence', primary.name)).resolves.toContain(`${primary.name} is fenced`);
    await until('Kubernetes sends it no clients', boundMs, async () =>
      (await find(primary)).ready ? 'it is ready' : undefined,
    );
    // The label follows what the agent of the new primary sees.
    await until('its replica is the primary', boundMs, async () =>
      (await find(replica)).role === 'primary' ? undefined : 'it is not',
    );
    await killer().kill(await find(primary), 'agent');
    await until('its agent is back', boundMs, async () =>
      (await find(primary)).restarts.agent > primary.restarts.agent ? undefined : 'it is not',
    );
    const status = JSON.parse(await keyspace(replica, 'status', '--json')) as {
      nodes: { name: string; state: string }[];
    };
    expect(status.nodes.find(({ name }) => name === primary.name)).toMatchObject({ state: 'fenced' });
    expect(await find(primary)).toMatchObject({ uid: primary.uid, ready: false });
    await expect(keyspace(replica, 'unfence', primary.name)).resolves.toContain('is fenced no more');
    tell(`unfenced: whole after ${seconds(await orders().whole(boundMs))}`);
  });
  expect(longestSilenceMs).toBeLessThan(nodeTimeoutMs);
});

test('moves a primary to its replica', async () => {
  const { primary, replica } = await podsOf('shard-1');
  const { longestSilenceMs } = await underWrites(orders(), 'switchover', async () => {
    await expect(keyspace(primary, 'switchover', replica.name)).resolves.toContain(
      `${replica.name} is the primary of shard-1`,
    );
    await expect(keyspace(primary, 'switchover', replica.name)).rejects.toThrow('it is the primary already');
    tell(`switched over: whole after ${seconds(await orders().whole(boundMs))}`);
  });
  expect(longestSilenceMs).toBeLessThan(nodeTimeoutMs);
});

test('pauses: a node that is killed waits, and comes back when they go on', async () => {
  const { primary, replica } = await podsOf('shard-2');
  await expect(keyspace(primary, 'pause')).resolves.toContain('paused');
  await killer().kill(replica, 'server');
  await until('its container has started again', boundMs, async () =>
    (await find(replica)).restarts.server > replica.restarts.server ? undefined : 'it has not',
  );
  const status = JSON.parse(await keyspace(primary, 'status', '--json')) as { paused?: string };
  expect(status.paused).toBeDefined();
  expect((await find(replica)).ready).toBe(false);
  await expect(keyspace(primary, 'fence', replica.name)).rejects.toThrow('paused');
  await keyspace(primary, 'resume');
  tell(`resumed: whole after ${seconds(await orders().whole(boundMs))}`);
});
