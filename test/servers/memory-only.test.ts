/** Primaries that die where nothing is on disk: an empty one that served again would have its replica copy nothing. */
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { untilSaid } from './support/agents';
import { findServedKey, watchServing } from './support/serving';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

describe.each(testEngines())('a primary without persistence on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find(), persistence: false, nodeTimeoutMs: 2000 }));
  let watching: AbortController;

  beforeEach(() => (watching = new AbortController()));
  afterEach(() => watching.abort());

  /** Kills the server of a shard's primary under writes, and expects that its replica has everything and the node follows it. */
  async function expectSuccession(
    shard: string,
    around: (database: TestDatabase, replica: string, kill: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { database } = fixture();
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    const primary = await database.primaryOf(shard);
    const key = await findServedKey(database, primary);
    const { nodes } = await database.status();
    const replica = nodes.find((node) => node.shard === shard && node.name !== primary)!.name;
    let answers: readonly string[] = [];
    await around(database, replica, async () => {
      await database.local.pod(primary).server.kill();
      answers = watchServing(database, { node: primary, key, signal: watching.signal });
    });
    const accounts = await untilWhole(database);
    const roles = new Map(accounts.map(({ node, self }) => [node, self.role]));
    expect([roles.get(primary), roles.get(replica)]).toEqual(['replica', 'primary']);
    expect(answers).toEqual([]);
    await recording.verify();
  }

  test('never comes back empty: its replica takes over, and it follows', () =>
    expectSuccession('shard-0', (_database, _replica, kill) => kill()));

  test('waits for a replica that hangs, for longer than one with data would', () =>
    expectSuccession('shard-1', async (database, replica, kill) => {
      const { server } = database.local.pod(replica);
      server.pause();
      await kill();
      await untilSaid(database, /held: its volume has no data/).finally(() => server.resume());
    }));
});
