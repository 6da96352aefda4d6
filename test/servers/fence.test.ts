/** Nodes that are fenced: by a command and by the spec, under writes, and for as long as they are. */
import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { paths } from '../../lib/contract/names';
import { locate } from '../../sidecar/home/paths';
import { layout } from '../../sidecar/local/layout';
import { existsSync, readFileSync } from 'node:fs';
import { startDatabase, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { runKeyspace } from './support/keyspace';
import { tell } from './support/progress';
import { shard, startReplicated } from './support/replicated';
import { untilWhole } from './support/wholeness';

jest.setTimeout(240_000);

/** Longer than an agent takes to start a server that may start, several times. Milliseconds. */
const watchMs = 3000;

const stateOf = async (database: TestDatabase, name: string) =>
  (await database.status()).nodes.find((node) => node.name === name)!;

/** Whether anybody listens where clients of a node would knock. */
function listens({ local }: TestDatabase, node: string): Promise<boolean> {
  const { ip, client } = local.pod(node).address;
  return new Promise((resolve) => {
    const socket = createConnection({ host: ip, port: client });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

/** Knocks for a while. */
async function expectClosed(database: TestDatabase, node: string): Promise<void> {
  const until = performance.now() + watchMs;
  while (performance.now() < until) {
    expect(await listens(database, node)).toBe(false);
    await delay(50);
  }
}

/** Ids that the server's container has given its starts. */
const startOf = ({ local }: TestDatabase, node: string): string =>
  readFileSync(locate(layout.home(local.root, node), paths.start), 'utf8').trim();

/** Its server is killed where it waits, its agent too, and both at once: nothing of that lets it serve. */
async function disturb(database: TestDatabase, node: string): Promise<void> {
  const { server, agent } = database.local.pod(node);
  const before = startOf(database, node);
  await server.kill();
  await database.until('its container has started again', () => startOf(database, node) !== before);
  await expectClosed(database, node);
  await agent.kill();
  await expectClosed(database, node);
  await Promise.all([server.kill(), agent.kill()]);
  await expectClosed(database, node);
}

async function fenceAndLift(database: TestDatabase, primary: string, label: string): Promise<void> {
  const other = database.local.pods().find(({ name }) => name !== primary)!.name;
  const recording = await database.record();
  await database.until('there are writes', () => recording.confirmed() >= 500);
  const began = performance.now();
  expect(await runKeyspace(database, other, 'fence', primary)).toMatchObject({ code: 0, errors: '' });
  const fencedMs = Math.round(performance.now() - began);
  const silentMs = Math.round(recording.longestSilenceMs());
  expect(await stateOf(database, primary)).toMatchObject({ state: 'fenced', reasons: ['is fenced: its pod says so'] });
  await disturb(database, primary);
  const lifted = performance.now();
  expect(await runKeyspace(database, other, 'unfence', primary)).toMatchObject({ code: 0, errors: '' });
  await database.until('it serves again', () => listens(database, primary), 20_000);
  const backMs = Math.round(performance.now() - lifted);
  await database.untilHealthy();
  await recording.verify();
  tell(`${label}: fenced after ${fencedMs} ms, no write for ${silentMs} ms; back after ${backMs} ms`);
  expect(silentMs).toBeLessThan(database.local.plan.config.nodeTimeoutMs);
}

describe.each(testEngines(['valkey-8.1']))('on $label a primary that is fenced', ({ label, find }) => {
  test('of a cluster hands over, stays fenced, and comes back: no write is lost', async () => {
    const database = await startDatabase({ server: await find() });
    await untilWhole(database);
    await fenceAndLift(database, await database.primaryOf('shard-0'), `${label} cluster`);
    await untilWhole(database);
  });

  test('of a primary and its replicas hands over, stays fenced, and comes back: no write is lost', async () => {
    const database = await startReplicated(await find());
    await fenceAndLift(database, await database.primaryOf(shard), `${label} replication`);
  });

  test('is not fenced by a command where it is the last of its shard, unless that is meant', async () => {
    const database = await startReplicated(await find(), { replicas: 1 });
    const primary = await database.primaryOf(shard);
    const replica = database.local.pods().find(({ name }) => name !== primary)!.name;
    expect(await runKeyspace(database, primary, 'fence', 'queue-server-7')).toMatchObject({
      code: 1,
      errors: expect.stringContaining(
        'node "queue-server-7": expected one of queue-server-0, queue-server-1',
      ) as string,
    });
    expect(await runKeyspace(database, primary, 'fence', replica)).toMatchObject({ code: 0 });
    expect(await runKeyspace(database, replica, 'fence', primary)).toMatchObject({
      code: 1,
      errors: expect.stringContaining(`no other node of ${shard} has all data and could serve (${replica})`) as string,
    });
    expect(await listens(database, primary)).toBe(true);
    expect(await runKeyspace(database, replica, 'fence', '--force', primary)).toMatchObject({ code: 0 });
    await expectClosed(database, primary);
    for (const node of [primary, replica]) await runKeyspace(database, replica, 'unfence', node);
    await database.untilHealthy();
  });

  test('by the spec is fenced without a restart of anything else', async () => {
    const database = await startReplicated(await find());
    const primary = await database.primaryOf(shard);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    const { plan } = database.local;
    await database.local.apply({ ...plan, config: { ...plan.config, fenced: [primary] } }, 10_000);
    await database.until('it is fenced', async () => (await stateOf(database, primary)).state === 'fenced');
    await expectClosed(database, primary);
    expect(await runKeyspace(database, primary, 'unfence', primary)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('take it out of "fenced"') as string,
    });
    await database.local.apply(plan, 10_000);
    await database.untilHealthy();
    await recording.verify();
    expect(existsSync(locate(layout.home(database.local.root, primary), paths.stopping))).toBe(false);
  });
});
