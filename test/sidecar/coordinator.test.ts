import { createCoordinator, electionTiming, takeableIn } from '../../sidecar/coordinator';
import type { Clock } from '../../sidecar/edges';
import { fc } from '../chance';
import { calm, createDice, createElectionWorld } from './support/election-world';
import { createMemoryLog } from './support/log';

const { durationMs, renewMs, marginMs } = electionTiming;

/** Room for a few calls in a calm world. */
const callsMs = 200;

const createWorld = (seed = 1) => createElectionWorld(createDice(seed), calm);

test('one of several agents becomes the coordinator and stays it', async () => {
  const world = createWorld();
  for (const holder of ['a', 'b', 'c']) world.join(holder);
  await world.pass(callsMs + electionTiming.retryMs);
  const first = world.leaders();
  expect(first).toHaveLength(1);
  await world.pass(600_000, () => {
    expect(world.leaders()).toEqual(first);
  });
});

test("a dead coordinator's lease is taken within its duration and one look", async () => {
  const world = createWorld();
  const a = world.join('a');
  await world.pass(callsMs);
  world.join('b');
  await world.pass(60_000);
  a.kill();
  await world.pass(durationMs + renewMs + callsMs);
  expect(world.leaders()).toEqual(['b']);
});

test('a coordinator that ends lets another begin with the next look', async () => {
  const world = createWorld();
  const a = world.join('a');
  await world.pass(callsMs);
  world.join('b');
  await world.pass(10_000);
  expect(world.leaders()).toEqual(['a']);
  a.stop();
  await world.pass(renewMs + callsMs);
  expect(world.record().holder).toBe('b');
  expect(world.leaders()).toEqual(['b']);
});

test('an agent that was not the coordinator gives nothing up when it ends', async () => {
  const world = createWorld();
  world.join('a');
  await world.pass(callsMs);
  const b = world.join('b');
  await world.pass(10_000);
  b.stop();
  await world.pass(callsMs);
  expect(world.record().holder).toBe('a');
  expect(world.leaders()).toEqual(['a']);
});

test('a coordinator that cannot renew stops before anybody else may begin, and begins again when it can', async () => {
  const world = createWorld();
  world.join('a');
  await world.pass(callsMs);
  world.weather = { ...calm, failing: 1 };
  await world.pass(durationMs - marginMs + callsMs);
  expect(world.leaders()).toEqual([]);
  await world.pass(60_000);
  world.weather = calm;
  await world.pass(renewMs + callsMs);
  expect(world.leaders()).toEqual(['a']);
});

test('a restarted agent of the same name takes over at once', async () => {
  const world = createWorld();
  world.join('a').kill();
  await world.pass(callsMs);
  const before = world.join('a');
  await world.pass(callsMs);
  before.kill();
  world.join('a');
  await world.pass(callsMs);
  expect(world.leaders()).toEqual(['a']);
});

test('never two coordinators at once, whatever is late, lost, or stands still', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.record({
        latencyMs: fc.integer({ min: 0, max: 8000 }),
        failing: fc.double({ min: 0, max: 0.5, noNaN: true }),
        pausing: fc.double({ min: 0, max: 0.3, noNaN: true }),
      }),
      // A leader stops at two thirds of the duration, so clocks may differ in speed by less than a third.
      fc.array(fc.double({ min: 0.9, max: 1.15, noNaN: true }), { minLength: 2, maxLength: 4 }),
      async (seed, weather, speeds) => {
        const world = createElectionWorld(createDice(seed), weather);
        speeds.forEach((speed, index) => world.join(`agent-${index}`, speed));
        await world.pass(300_000, () => {
          expect(world.leaders().length).toBeLessThanOrEqual(1);
        });
        world.weather = calm;
        await world.pass(2 * (durationMs + renewMs) + 30_000);
        expect(world.leaders()).toHaveLength(1);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test('says once who the coordinator is, and once that nobody knows; tells the agent each time it begins to lead', async () => {
  const log = createMemoryLog();
  let away = false;
  let now = 0;
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
  const platform = {
    readLease: () =>
      away
        ? Promise.reject(new Error('no answer'))
        : Promise.resolve({ holder: 'b', version: '1', renewal: '1', durationMs }),
    takeLease: () => Promise.resolve(true),
  };
  const coordinator = createCoordinator({ platform, clock, log, holder: 'a' });
  await coordinator.step();
  await coordinator.step();
  away = true;
  await coordinator.step();
  await coordinator.step();
  expect(log.lines).toEqual([
    'info: the coordinator is b',
    'warn: the coordinator is unknown: the lease cannot be read or renewed',
  ]);
  away = false;
  now = durationMs;
  let began = 0;
  coordinator.onLeading(() => began++);
  await coordinator.step();
  await coordinator.step();
  expect(log.lines.slice(2)).toEqual(['info: the coordinator is this agent']);
  expect(began).toBe(1);
  now += durationMs;
  await coordinator.step();
  expect(began).toBe(2);
});

describe('a lease can be taken', () => {
  const lease = { holder: 'b', version: '1', renewal: '2001-01-01T00:00:00.000000Z', durationMs: 15_000 };

  test('at once where nobody holds it', () => {
    expect(takeableIn({ lease: { ...lease, holder: '' }, since: 100 }, 'a', 100)).toBe(0);
  });

  test('at once by its holder', () => {
    expect(takeableIn({ lease, since: 100 }, 'b', 100)).toBe(0);
  });

  test('by others when it has not changed for its own duration, however old the time written in it', () => {
    expect(takeableIn({ lease, since: 100 }, 'a', 100)).toBe(15_000);
    expect(takeableIn({ lease, since: 100 }, 'a', 15_099)).toBe(1);
    expect(takeableIn({ lease, since: 100 }, 'a', 15_100)).toBe(0);
  });
});
