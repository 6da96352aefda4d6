/** Primaries that die or hang under writes. */
import { setTimeout as delay } from 'node:timers/promises';

import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { tell } from './support/progress';
import { findServedKey, watchServing } from './support/serving';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

const shard = 'shard-0';

/** What happens to a primary, and what brings it back. */
interface Crash {
  readonly what: string;
  readonly crash: (database: TestDatabase, primary: string) => Promise<unknown>;
  /** Done when a replica has taken over; without it the node returns by itself. */
  readonly mend?: (database: TestDatabase, primary: string) => Promise<unknown>;
  /** Longest time without a write. Milliseconds. */
  readonly boundMs: number;
}

/** Nobody has waited for the node timeout, which is 5 s. */
const atOnceMs = 4_000;

/** The engine's own election after the node timeout, and a second one should the first find no majority. */
const electedMs = 20_000;

const crashes: readonly Crash[] = [
  { what: 'server is killed', crash: ({ local }, primary) => local.pod(primary).server.kill(), boundMs: atOnceMs },
  {
    what: 'server and agent are killed at once',
    crash: ({ local }, primary) => Promise.all([local.pod(primary).server.kill(), local.pod(primary).agent.kill()]),
    boundMs: atOnceMs,
  },
  {
    what: 'pod is lost, and returns at another address',
    crash: ({ local }, primary) => local.pod(primary).lose(),
    mend: ({ local }, primary) => local.start(primary),
    boundMs: electedMs,
  },
];

describe.each(testEngines())('a primary under writes on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find() }));
  let watching: AbortController;

  beforeEach(() => (watching = new AbortController()));
  afterEach(() => watching.abort());

  async function recordSome() {
    const { database } = fixture();
    const recording = await database.record();
    // Without waiting for replicas, which a new primary has none of for a while: it shows how soon writes are accepted.
    const pace = await database.record({ confirmations: 0, paceMs: 1 });
    await database.until('there are writes', () => recording.confirmed() >= 500);
    const report = async (what: string): Promise<number> => {
      const pauseMs = Math.round(pace.longestSilenceMs());
      tell(`${label}: the ${what}: no write for ${pauseMs} ms`);
      await pace.stop();
      return pauseMs;
    };
    return { database, recording, report, primary: await database.primaryOf(shard) };
  }

  const untilSucceeded = (database: TestDatabase, primary: string) =>
    database.until('a replica has taken over', ({ nodes }) =>
      nodes.some((node) => node.shard === shard && node.role === 'primary' && node.name !== primary),
    );

  test.each(crashes)(
    'is replaced and follows when its $what; nothing confirmed is lost',
    async ({ what, crash, mend, boundMs }) => {
      const { database, recording, report, primary } = await recordSome();
      const key = await findServedKey(database, primary);
      await crash(database, primary);
      const answers = watchServing(database, { node: primary, key, signal: watching.signal });
      await untilSucceeded(database, primary);
      await mend?.(database, primary);
      const accounts = await untilWhole(database);
      expect(await report(what)).toBeLessThan(boundMs);
      expect(accounts.find(({ node }) => node === primary)?.self.role).toBe('replica');
      expect(answers).toEqual([]);
      await recording.verify();
    },
  );

  test('is replaced and follows when its server hangs for longer than the node timeout; nothing confirmed is lost', async () => {
    const { database, recording, report, primary } = await recordSome();
    const { server } = database.local.pod(primary);
    server.pause();
    await untilSucceeded(database, primary).finally(() => server.resume());
    const accounts = await untilWhole(database);
    await report('server hangs for long');
    expect(accounts.find(({ node }) => node === primary)?.self.role).toBe('replica');
    await recording.verify();
  });

  test('stays what it is when its server hangs for two seconds', async () => {
    const { database, recording, report, primary } = await recordSome();
    const before = await untilWhole(database);
    const { server } = database.local.pod(primary);
    server.pause();
    await delay(2_000);
    server.resume();
    const after = await untilWhole(database);
    await report('server hangs for 2 s');
    expect(after.map(({ self, info }) => [self.role, info.get('cluster_current_epoch')])).toEqual(
      before.map(({ self, info }) => [self.role, info.get('cluster_current_epoch')]),
    );
    await recording.verify();
  });
});
