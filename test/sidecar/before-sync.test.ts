/** What a Job before a sync does, by what it can see: the contract that runs, what the agents publish, and the Lease. */
import { prepareSync, type Running, type RunningContract } from '../../sidecar/before-sync';
import type { DrainReport } from '../../sidecar/draining';
import type { DrainStatus } from '../../sidecar/drain';
import type { DrainOrder } from '../../sidecar/view-drain';

const shardsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `s${index}`);

const running = (count: number, rest: Partial<RunningContract> = {}): RunningContract => ({
  topology: 'cluster',
  shards: shardsOf(count),
  ...rest,
});

const pace = { lookMs: 1000, renewMs: 15_000, orderMs: 90_000, holdMs: 600_000, sayMs: 5000 };
const patience = { answerMs: 90_000, stuckMs: 600_000, slotMs: 3_600_000 };

/** What is there, and how the agents answer an order after so many milliseconds; undefined where they say nothing. */
interface Scene {
  readonly contract: RunningContract | undefined;
  /** What they have published before anything was asked. */
  readonly before?: DrainReport;
  readonly answer?: (
    order: DrainOrder,
    sinceMs: number,
  ) => (Partial<DrainReport> & { drain?: DrainStatus }) | undefined;
  readonly hasLease?: boolean;
  /** Calls of the API that fail, by their number. */
  readonly failing?: (call: number) => boolean;
  /** When the pod is told to end. Milliseconds. */
  readonly toldAt?: number;
}

/** A Job for two shards, `s0` and `s1`, whose time goes as it sleeps. */
async function sync({ contract, before, answer, hasLease = true, failing = () => false, toldAt = Infinity }: Scene) {
  let now = 0;
  let calls = 0;
  let order: { readonly given: DrainOrder; readonly since: number; until: number } | undefined;
  const told = new AbortController();
  const said: string[] = [];
  const reach = async <T>(give: () => T): Promise<T> => {
    if (failing(calls++)) throw new Error('the API is away');
    return Promise.resolve(give());
  };
  const report = (): DrainReport | undefined => {
    if (!order || now > order.until) return before;
    const given = answer?.(order.given, now - order.since);
    return given ? { updated: `${Math.floor(now / 30_000)}`, ...given } : before;
  };
  const world: Running = {
    contract: () => reach(() => contract),
    report: () => reach(report),
    order: (given, forMs = 0) =>
      reach(() => {
        if (!hasLease) return false;
        order = given && { given, since: order?.since ?? now, until: now + forMs };
        return true;
      }),
  };
  const ending = await prepareSync({
    running: world,
    clock: {
      now: () => now,
      sleep: (ms) => {
        now += ms;
        if (now >= toldAt) told.abort();
        return Promise.resolve();
      },
    },
    target: { database: 'db', shards: shardsOf(2).map((name) => ({ name, nodes: [] })) },
    by: 'db-drain-x',
    patience,
    say: (sentence) => said.push(sentence),
    signal: told.signal,
    pace,
  }).catch((error: unknown) => (error as Error).message);
  return { ending, said, now, left: order, seconds: now / 1000 };
}

/** Drains so many slots a second, from 100. */
const drains =
  (perSecond: number, rest: Partial<DrainReport> = {}): Scene['answer'] =>
  ({ by, shards }, sinceMs) => {
    if (sinceMs < 6000) return undefined;
    const slots = Math.max(0, 100 - Math.floor(((sinceMs - 6000) / 1000) * perSecond));
    return { drain: { by, shards, slots, done: slots === 0 }, ...rest };
  };

test('a first install has nothing to drain', async () => {
  expect(await sync({ contract: undefined })).toMatchObject({
    ending: 'ready',
    said: ['db is not there yet: there is nothing to drain'],
    now: 0,
  });
});

test('where no shard leaves nobody is waited for, whatever else is wrong', async () => {
  for (const contract of [running(2), running(1), running(2, { state: 'hibernated' })]) {
    const { ending, said, now } = await sync({ contract });
    expect({ ending, said, now }).toEqual({ ending: 'ready', said: ['no shard of db leaves'], now: 0 });
  }
});

test('a shard that leaves is waited for until it is drained, and the order outlasts the Job', async () => {
  const { ending, said, left, seconds } = await sync({ contract: running(3), answer: drains(10) });
  expect(ending).toBe('ready');
  expect(said[0]).toBe('to be drained before the sync, as db is to have them no more: s2');
  expect(said.slice(1, -1)).toEqual(['waiting for an answer of the agents', '100 slots to go', '50 slots to go']);
  expect(said.at(-1)).toBe('drained after 16 s, and ready to go: s2');
  expect(left).toMatchObject({ given: { by: 'db-drain-x', shards: ['s2'] }, until: 616_000 });
  expect(seconds).toBe(16);
});

test('several shards leave together', async () => {
  const { ending, left } = await sync({ contract: running(5), answer: drains(100) });
  expect(ending).toBe('ready');
  expect(left?.given.shards).toEqual(['s2', 's3', 's4']);
});

test('an order is renewed while it is waited for', async () => {
  const { ending, left } = await sync({ contract: running(3), answer: drains(0.1) });
  expect(ending).toBe('ready');
  expect(left!.until - left!.since).toBeGreaterThan(1000_000);
});

test('what the agents have published for another Job counts for nothing', async () => {
  const drain = { by: 'db-drain-y', shards: ['s2'], slots: 0, done: true };
  const { ending } = await sync({ contract: running(3), before: { drain, updated: '1' } });
  expect(ending).toMatch(/^s2 cannot leave now: db has not answered for 91 s/);
});

test('a shard that an earlier contract had and that still has slots leaves too', async () => {
  const drain = { shards: ['s2'], slots: 7, done: false };
  const { ending, left } = await sync({
    contract: running(2),
    before: { drain, updated: '1' },
    answer: drains(100),
  });
  expect(ending).toBe('ready');
  expect(left?.given.shards).toEqual(['s2']);
  const done = await sync({
    contract: running(2),
    before: { drain: { ...drain, slots: 0, done: true }, updated: '1' },
  });
  expect(done).toMatchObject({ ending: 'ready', now: 0 });
});

test('agents that do not answer keep the shard, and the order is taken back', async () => {
  const { ending, left, seconds } = await sync({ contract: running(3), before: { updated: '1' } });
  expect(ending).toBe(
    's2 cannot leave now: db has not answered for 91 s: no agent acts for it, or its agents are older than this and have to be renewed in a sync of its own',
  );
  expect(left).toBeUndefined();
  expect(seconds).toBeLessThan(95);
});

test('agents that fall silent on the way keep it too', async () => {
  const answer: Scene['answer'] = (order, sinceMs) => ({
    ...drains(0.1)!(order, Math.max(6000, sinceMs)),
    updated: '1',
  });
  const { ending } = await sync({ contract: running(3), answer });
  expect(ending).toMatch(/^s2 cannot leave now: db has said nothing of the drain for \d+ s: no agent acts for it$/);
});

test('a database in which no agent has ever run has no slots to drain', async () => {
  const { ending, said } = await sync({ contract: running(3), hasLease: false });
  expect({ ending, said }).toEqual({ ending: 'ready', said: ['no agent of db has ever run'] });
});

test.each([
  [{ state: 'hibernated' }, 'is hibernated: wake it up in a sync of its own'],
  [{ state: 'paused' }, 'is paused, as its spec says: take that back in a sync of its own'],
  [{ rebalancing: 'paused' }, 'moves no slots, its spec says "rebalancing: paused"'],
] as const)('what cannot be is not waited for: %o', async (rest, why) => {
  const { ending, now } = await sync({ contract: running(3, rest), answer: drains(10) });
  expect({ ending, now }).toEqual({ ending: `s2 cannot leave now: db ${why}`, now: 0 });
});

test('a pause ends the wait', async () => {
  const answer = drains(0.1, { paused: 'until: keyspace resume' });
  const { ending, left } = await sync({ contract: running(3), answer });
  expect(ending).toBe(
    's2 cannot leave now: db is paused (until: keyspace resume): nothing is drained until it goes on',
  );
  expect(left).toBeUndefined();
});

test('what the agents say stands in the way is said, and waited for ten minutes', async () => {
  const why = 's0-0 has room for 7 bytes, and 4096 are to move there';
  const answer: Scene['answer'] = ({ by, shards }) => ({ drain: { by, shards, slots: 100, done: false, why } });
  const { ending, said, seconds } = await sync({ contract: running(3), answer });
  expect(said).toContain(`100 slots to go; ${why}`);
  expect(ending).toBe(`s2 cannot leave now: db does not get on: ${why}`);
  expect(seconds).toBeGreaterThanOrEqual(600);
  expect(seconds).toBeLessThan(605);
});

test('slots that do not get fewer are waited for as long as a pod may take to end', async () => {
  const { ending, seconds } = await sync({ contract: running(3), answer: drains(0) });
  expect(ending).toMatch(/^s2 cannot leave now: db has 100 slots left, and none less for 360\d s$/);
  expect(seconds).toBeLessThan(3620);
});

test('an API server that is away for a while is asked again', async () => {
  const { ending } = await sync({ contract: running(3), answer: drains(10), failing: (call) => call % 3 !== 2 });
  expect(ending).toBe('ready');
  expect(await sync({ contract: running(3), failing: () => true })).toMatchObject({ ending: 'the API is away' });
});

test('a pod that is told to end goes at once and leaves the order to the next one', async () => {
  const { ending, left, seconds } = await sync({ contract: running(3), answer: drains(1), toldAt: 20_000 });
  expect({ ending, seconds }).toEqual({ ending: 'told', seconds: 20 });
  expect(left!.until).toBeGreaterThan(20_000);
});
