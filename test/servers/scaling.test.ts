/**
 * Shards that come, go and come back under writes. `KEYSPACE_LONG=1` on every engine; `KEYSPACE_MEGABYTES=1000` with so much data beside what is
 * written meanwhile.
 */
import { credentialsOf } from '../../sidecar/local/client';
import { countSlots } from '../../sidecar/slots';
import { createMass, type Mass } from '../bench/load/mass';
import type { Recording, TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { movingEngines } from './support/long-run';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

/** Values of a kilobyte each. */
const megabytes = Number(process.env.KEYSPACE_MEGABYTES ?? 1);
const valueBytes = 1000;

/** Far more than any scaling of that takes. Milliseconds. */
const boundMs = 120_000 + megabytes * 500;
jest.setTimeout(2 * boundMs + 60_000);

describe.each(testEngines(movingEngines(['valkey-9.1'])))('shards under writes on $label', ({ label, find }) => {
  const spec = { memory: '4Gi' };
  const fixture = useDatabase(label, async () => ({ server: await find(), ...spec }));
  let mass: Mass;

  beforeAll(async () => {
    const { local } = fixture().database;
    const seeds = local.pods().map(({ address }) => ({ host: address.ip, port: address.client }));
    mass = createMass(seeds, credentialsOf(local), valueBytes);
    await mass.fill((megabytes * 1e6) / valueBytes);
  });
  afterAll(() => mass.end());

  async function record(database: TestDatabase): Promise<Recording> {
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    return recording;
  }

  async function shares(database: TestDatabase): Promise<number[]> {
    const accounts = await untilWhole(database, boundMs);
    return accounts.filter(({ self }) => self.role === 'primary').map(({ self }) => countSlots(self.slots));
  }

  async function grow(database: TestDatabase): Promise<void> {
    const recording = await record(database);
    const began = performance.now();
    await database.apply({ ...spec, shards: 5 });
    await database.until(
      'all shards have slots',
      ({ nodes }) => nodes.filter(({ slotCount }) => slotCount >= 3276).length === 5,
      boundMs,
    );
    tell(`${label}: 3 -> 5 took ${Math.round(performance.now() - began)} ms`);
    expect((await shares(database)).sort()).toEqual([3276, 3277, 3277, 3277, 3277]);
    tell(`${label}: no write for ${Math.round(recording.longestSilenceMs())} ms`);
    await recording.verify();
    expect(await mass.countLost()).toBe(0);
  }

  test('come, and get their share', async () => {
    await grow(fixture().database);
  });

  test('go when they have given everything away', async () => {
    const { database } = fixture();
    const recording = await record(database);
    const began = performance.now();
    const { ended } = await database.apply({ ...spec, shards: 3 });
    await ended;
    tell(`${label}: 5 -> 3 took ${Math.round(performance.now() - began)} ms`);
    tell(`${label}: no write for ${Math.round(recording.longestSilenceMs())} ms`);
    expect((await shares(database)).sort()).toEqual([5461, 5461, 5462]);
    await recording.verify();
    expect(await mass.countLost()).toBe(0);
  });

  test('come back to what is new by then', async () => {
    await grow(fixture().database);
  });
});
