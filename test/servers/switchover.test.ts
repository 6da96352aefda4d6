/** A person, or the spec, moves a primary: under writes that nobody waits for replicas with. */
import { startDatabase, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { runKeyspace } from './support/keyspace';
import { tell } from './support/progress';
import { shard as only, startReplicated } from './support/replicated';
import { untilWhole } from './support/wholeness';

jest.setTimeout(240_000);

/** Moves the primary of a shard to and fro. */
async function goToAndFro(database: TestDatabase, shard: string, label: string): Promise<void> {
  const recording = await database.record({ confirmations: 0, paceMs: 1 });
  await database.until('there are writes', () => recording.confirmed() >= 500);
  const first = await database.primaryOf(shard);
  const mate = database.local.pods().find((pod) => pod.shard === shard && pod.name !== first)!.name;
  const named = await runKeyspace(database, first, 'switchover', mate);
  expect(named).toMatchObject({ code: 0, errors: '' });
  expect(named.output).toContain(`${mate} is the primary of ${shard}`);
  expect(await database.primaryOf(shard)).toBe(mate);
  expect(await runKeyspace(database, first, 'switchover', mate)).toMatchObject({
    code: 1,
    errors: expect.stringContaining(`${mate} cannot take over: it is the primary already`) as string,
  });
  await database.untilHealthy();
  const best = await runKeyspace(database, first, 'switchover', '--shard', shard);
  expect(best).toMatchObject({ code: 0, errors: '' });
  expect(await database.primaryOf(shard)).not.toBe(mate);
  const silentMs = Math.round(recording.longestSilenceMs());
  tell(`${label}: ${named.output.trim()}; no write for ${silentMs} ms`);
  expect(silentMs).toBeLessThan(database.local.plan.config.nodeTimeoutMs);
  await database.untilHealthy();
  await recording.verify();
}

describe.each(testEngines(['valkey-8.1']))('on $label a primary', ({ label, find }) => {
  test('of a cluster is moved by a command and by the spec: no write is lost', async () => {
    const database = await startDatabase({ server: await find() });
    await untilWhole(database);
    await goToAndFro(database, 'shard-1', `${label} cluster`);
    const recording = await database.record({ confirmations: 0, paceMs: 1 });
    const { plan } = database.local;
    const shards = ['shard-0', 'shard-2'];
    const wanted = await Promise.all(
      shards.map(async (shard) => {
        const primary = await database.primaryOf(shard);
        return database.local.pods().find((pod) => pod.shard === shard && pod.name !== primary)!.name;
      }),
    );
    await database.local.apply({ ...plan, config: { ...plan.config, primaries: wanted } }, 10_000);
    await database.until('the spec has its primaries', async () => {
      const now = await Promise.all(shards.map((shard) => database.primaryOf(shard)));
      return now.join() === wanted.join();
    });
    await untilWhole(database);
    await recording.verify();
  });

  test('and its replicas is moved by a command: no write is lost', async () => {
    const database = await startReplicated(await find());
    await goToAndFro(database, only, `${label} replication`);
  });
});
