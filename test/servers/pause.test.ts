/** Agents that are paused watch and do nothing; what broke meanwhile is put right when they go on. */
import { setTimeout as delay } from 'node:timers/promises';

import { startDatabase, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { runKeyspace } from './support/keyspace';
import { tell } from './support/progress';
import { shard, startReplicated } from './support/replicated';
import { untilWhole } from './support/wholeness';

jest.setTimeout(240_000);

/** Many times what agents need to replace a primary or to start a server. Milliseconds. */
const watchMs = 8000;

const stateOf = async (database: TestDatabase, name: string) =>
  (await database.status()).nodes.find((node) => node.name === name)!.state;

const other = (database: TestDatabase, name: string) => database.local.pods().find((pod) => pod.name !== name)!.name;

async function pauseUnderWrites(database: TestDatabase, primary: string) {
  const recording = await database.record();
  await database.until('there are writes', () => recording.confirmed() >= 500);
  const began = performance.now();
  expect(await runKeyspace(database, primary, 'pause')).toMatchObject({ code: 0, errors: '' });
  return { recording, pausedMs: Math.round(performance.now() - began) };
}

async function resume(database: TestDatabase, by: string): Promise<void> {
  const refused = { code: 1, errors: expect.stringContaining('is paused, until: keyspace resume') as string };
  expect(await runKeyspace(database, by, 'reconcile')).toMatchObject(refused);
  expect(await runKeyspace(database, by, 'fence', by)).toMatchObject(refused);
  expect((await runKeyspace(database, by, 'status')).output).toMatch(/is Paused \(until: keyspace resume\) and /);
  expect(await runKeyspace(database, by, 'resume')).toMatchObject({ code: 0, errors: '' });
}

describe.each(testEngines(['valkey-8.1']))('paused agents on $label', ({ label, find }) => {
  test('leave a dead primary of a cluster to the engine, and put things right afterwards', async () => {
    const database = await startDatabase({ server: await find() });
    await untilWhole(database);
    const primary = await database.primaryOf('shard-0');
    const { recording, pausedMs } = await pauseUnderWrites(database, primary);
    await Promise.all([database.local.pod(primary).server.kill(), database.local.pod(primary).agent.kill()]);
    await database.until(
      'the engine has promoted a replica',
      async () => (await database.primaryOf('shard-0')) !== primary,
    );
    await delay(watchMs);
    expect(await stateOf(database, primary)).toBe('held');
    await resume(database, other(database, primary));
    await untilWhole(database);
    await recording.verify();
    tell(`${label}: a cluster is paused after ${pausedMs} ms`);
  });

  test('replace no primary, let its pod end, and go on where they were', async () => {
    const database = await startReplicated(await find());
    const first = await database.primaryOf(shard);
    const { recording } = await pauseUnderWrites(database, first);
    // Its data has to go somewhere, pause or not.
    await database.local.pod(first).end(60_000);
    await database.local.start(first);
    const second = await database.primaryOf(shard);
    expect(second).not.toBe(first);
    const confirmed = recording.confirmed();
    await database.until('writes go on', () => recording.confirmed() > confirmed + 100);
    await database.local.pod(second).server.kill();
    await delay(watchMs);
    const states = await Promise.all([first, second].map((name) => stateOf(database, name)));
    expect(states).toEqual(['held', 'held']);
    expect((await database.status()).health).toBe('Critical');
    await resume(database, second);
    await database.untilHealthy();
    await recording.verify();
  });
});
