/** Whoever takes part in a move is killed in the middle of it, or replaced. `KEYSPACE_LONG=1` on every engine, and with every fault. */
import { setTimeout as delay } from 'node:timers/promises';

import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { readCoordinator } from './support/lease';
import { inLongRun, movingEngines } from './support/long-run';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

jest.setTimeout(300_000);

const boundMs = 120_000;

/** Enough that a move is not over before it is disturbed. */
const values = 20_000;
const bytes = 1024;

/** As in a roll-out or a drain: a handover, and the same volume at another address. */
async function replacePod(database: TestDatabase, node: string): Promise<void> {
  await database.local.pod(node).end(graceMs);
  await database.local.start(node);
}

/** Of a pod that ends. Milliseconds. */
const graceMs = 60_000;

const faults: readonly (readonly [string, (database: TestDatabase) => Promise<void>])[] = [
  [
    'the agent of the coordinator',
    async (database) => database.local.pod(await readCoordinator(database)).agent.kill(),
  ],
  ['a source', async (database) => database.local.pod(await database.primaryOf('shard-0')).server.kill()],
  ['the pod of a source', async (database) => replacePod(database, await database.primaryOf('shard-1'))],
  ['the pod of a target', async (database) => replacePod(database, await database.primaryOf('shard-3'))],
  ['a target', async (database) => database.local.pod(await database.primaryOf('shard-3')).server.kill()],
  [
    'a target, which hangs for a while',
    async (database) => {
      const { server } = database.local.pod(await database.primaryOf('shard-3'));
      server.pause();
      await delay(3000);
      server.resume();
    },
  ],
];

describe.each(testEngines(movingEngines(['valkey-8.1'])))('a move on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find(), nodeTimeoutMs: 2000 }));

  beforeAll(async () => {
    const redis = fixture().database.client();
    const value = 'x'.repeat(bytes);
    for (let from = 0; from < values; from += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, index) => redis.set(`fill ${from + index}`, value)));
    }
  });

  test.each(inLongRun(faults, faults.slice(0, 3)))('in which it happens to %s', async (what, strike) => {
    const { database } = fixture();
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    await database.apply({ shards: 4 });
    await database.until(
      'slots move',
      ({ nodes }) => nodes.some(({ shard, slotCount }) => shard === 'shard-3' && slotCount > 0),
      boundMs,
    );
    const { nodes } = await database.status();
    const moved = nodes.find(({ shard, slotCount }) => shard === 'shard-3' && slotCount > 0)?.slotCount ?? 0;
    await strike(database);
    await database.until('the new shard has its share', ({ nodes: all }) => all.some(isFull), boundMs);
    await untilWhole(database, boundMs);
    tell(`${label}: ${moved} slots had moved when this happened to ${what}`);
    await recording.verify();
    const { ended } = await database.apply({ shards: 3 });
    await ended;
    await untilWhole(database, boundMs);
    const redis = database.client();
    const found = await Promise.all(Array.from({ length: values }, (_, index) => redis.exists(`fill ${index}`)));
    expect(found.reduce((sum, one) => sum + one, 0)).toBe(values);
  });
});

const isFull = ({ shard, slotCount }: { readonly shard: string; readonly slotCount: number }): boolean =>
  shard === 'shard-3' && slotCount === 4096;
