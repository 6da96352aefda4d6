/** Nodes that are to be primary rather than others, and those that never are. */
import { testEngines } from './support/engines';
import type { TestDatabase } from './support/database';
import { runKeyspace } from './support/keyspace';
import { shard, startReplicated } from './support/replicated';
import { untilReplaced } from './support/succession';
import { startWatched } from './support/watched';

jest.setTimeout(180_000);

/** Far more than any end takes here. Milliseconds. */
const graceMs = 60_000;

/** The same database with other priorities: as if its user had applied them. */
async function prioritize(database: TestDatabase, replicaPriorities: Readonly<Record<string, number>>): Promise<void> {
  const { plan } = database.local;
  await database.local.apply({ ...plan, config: { ...plan.config, replicaPriorities } }, graceMs);
  await database.until('every replica has been told', async () => {
    const names = plan.config.shards[0]!.nodes.map(({ name }) => name);
    const told = await Promise.all(names.map((name) => database.ask(name, 'CONFIG', 'GET', 'replica-priority')));
    return names.every((name, index) => (told[index] as string[])[1] === `${replicaPriorities[name] ?? 100}`);
  });
}

/** Kills the primary's server. @returns who takes over */
async function kill(database: TestDatabase): Promise<string> {
  const primary = await database.primaryOf(shard);
  await database.local.pod(primary).server.kill();
  await untilReplaced(database, primary);
  await database.untilHealthy();
  return database.primaryOf(shard);
}

const [replication] = testEngines(['valkey-8.1']);

test('of a primary and its replicas', async () => {
  const [zero, one, two] = ['queue-server-0', 'queue-server-1', 'queue-server-2'];
  // The first of all is never primary either.
  const database = await startReplicated(await replication!.find(), { replicaPriorities: { [zero]: 0 } });
  expect(await database.primaryOf(shard)).toBe(one);
  const recording = await database.record({ paceMs: 1 });
  await database.until('there are writes', () => recording.confirmed() >= 500);
  expect(await kill(database)).toBe(two);
  expect(await runKeyspace(database, two, 'switchover', zero)).toMatchObject({
    code: 1,
    errors: expect.stringContaining(`${zero} cannot take over: its "replica-priority" is 0`) as string,
  });
  // A handover waits for whoever is wished for, however much others have.
  await prioritize(database, { [zero]: 10, [one]: 20 });
  await database.local.pod(two).end(graceMs);
  expect(await database.primaryOf(shard)).toBe(zero);
  await database.local.start(two);
  await database.untilHealthy();
  // Nobody may take over: the primary goes, and comes back as it was.
  await prioritize(database, { [one]: 0, [two]: 0 });
  await database.untilHealthy();
  await database.local.pod(zero).end(graceMs);
  await database.local.start(zero);
  await database.untilHealthy();
  expect(await database.primaryOf(shard)).toBe(zero);
  await database.local.pod(zero).server.kill();
  await database.untilHealthy();
  expect(await database.primaryOf(shard)).toBe(zero);
  await recording.verify();
});

test.each(testEngines(['redis-7.0', 'valkey-8.1']))('of Sentinels on $label', async ({ find }) => {
  const [zero, one, two] = ['jobs-server-0', 'jobs-server-1', 'jobs-server-2'];
  const database = await startWatched(await find(), { replicaPriorities: { [one]: 0 }, nodeTimeoutMs: 2500 });
  expect(await database.primaryOf(shard)).toBe(zero);
  const recording = await database.record({ paceMs: 1 });
  await database.until('there are writes', () => recording.confirmed() >= 500);
  expect(await kill(database)).toBe(two);
  expect(await runKeyspace(database, two, 'switchover', one)).toMatchObject({
    code: 1,
    errors: expect.stringContaining(`${one} cannot take over: its "replica-priority" is 0`) as string,
  });
  await prioritize(database, { [zero]: 200, [one]: 10 });
  await database.local.pod(two).end(graceMs);
  expect(await database.primaryOf(shard)).toBe(one);
  await database.local.start(two);
  await database.untilHealthy();
  await recording.verify();
});
