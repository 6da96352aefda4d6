/**
 * A shard that is drained before its pods end, as before a sync that takes it out: called off in the middle, with its coordinator killed, and
 * seen through. Under writes. `KEYSPACE_LONG=1` on every engine.
 */
import { readFile } from 'node:fs/promises';

import { prepareSync, usualPace, type Running } from '../../sidecar/before-sync';
import { systemClock } from '../../sidecar/clock';
import type { DrainReport } from '../../sidecar/draining';
import { layout } from '../../sidecar/local/layout';
import { createLocalPlatform } from '../../sidecar/local/platform';
import type { PublishedStatus } from '../../sidecar/publish';
import { countSlots } from '../../sidecar/slots';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { movingEngines } from './support/long-run';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

jest.setTimeout(300_000);

/** Far more than any scaling of so little data takes. Milliseconds. */
const boundMs = 120_000;

/** Whoever is killed is replaced by then, and an order of somebody who is gone runs out. Milliseconds. */
const pace = { ...usualPace, lookMs: 100, renewMs: 1000, orderMs: 10_000 };
const patience = { answerMs: 60_000, stuckMs: 60_000, slotMs: 60_000 };

const quarters = [4096, 4096, 4096, 4096];
const thirds = [5461, 5461, 5462];

describe.each(testEngines(movingEngines(['valkey-8.1', 'valkey-9.1'])))('a drain on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find(), shards: 4 }));

  async function published({ local: { root, plan } }: TestDatabase): Promise<PublishedStatus> {
    return JSON.parse(await readFile(layout.status(root, plan.config.database), 'utf8')) as PublishedStatus;
  }

  /** A Job that waits for three of the four shards. */
  function begin(database: TestDatabase, by: string, signal = new AbortController().signal, holdMs = usualPace.holdMs) {
    const { root, plan } = database.local;
    const { shards, topology, database: name } = plan.config;
    const platform = createLocalPlatform({ root, database: name });
    const running: Running = {
      contract: () => Promise.resolve({ topology, shards: shards.map((shard) => shard.name) }),
      report: () => published(database).catch((): DrainReport | undefined => undefined),
      order: (...given) => platform.writeDrain(...given),
    };
    const say = (sentence: string): void => tell(`${label}: ${sentence}`);
    const target = { database: name, shards: shards.slice(0, 3) };
    return prepareSync({ running, clock: systemClock, target, by, patience, pace: { ...pace, holdMs }, say, signal });
  }

  const untilDraining = (database: TestDatabase, by: string) =>
    database.until('the shard is being drained', async () => {
      const { drain } = await published(database);
      return drain?.by === by && drain.slots < 4096;
    });

  async function shares(database: TestDatabase): Promise<number[]> {
    const { nodes } = await database.status();
    return nodes.map(({ slotCount }) => slotCount).filter((count) => count > 0);
  }

  const untilShared = (database: TestDatabase, expected: readonly number[]) =>
    database.until(
      'slots are shared out',
      async () => (await shares(database)).sort().join() === expected.join(),
      boundMs,
    );

  test('that is called off gives the slots back when its order runs out', async () => {
    const { database } = fixture();
    const recording = await database.record();
    const told = new AbortController();
    const ending = begin(database, 'called-off', told.signal, pace.orderMs);
    await untilDraining(database, 'called-off');
    told.abort();
    // An engine that moves all slots at once may be faster; the sync is called off then before it applies anything.
    expect(['told', 'ready']).toContain(await ending);
    await untilShared(database, quarters);
    await recording.verify();
  });

  test('goes on when the coordinator is killed, and its pods end at once', async () => {
    const { database } = fixture();
    const recording = await database.record();
    const ending = begin(database, 'seen-through');
    await untilDraining(database, 'seen-through');
    const { coordinator } = await published(database);
    await database.local.pod(coordinator).agent.kill();
    expect(await ending).toBe('ready');
    expect((await shares(database)).sort()).toEqual(thirds);
    expect(database.local.pods()).toHaveLength(8);
    const began = performance.now();
    const { ended } = await database.apply({ shards: 3 });
    await ended;
    tell(`${label}: the pods ended after ${Math.round(performance.now() - began)} ms`);
    const accounts = await untilWhole(database, boundMs);
    const primaries = accounts.filter(({ self }) => self.role === 'primary');
    expect(primaries.map(({ self }) => countSlots(self.slots)).sort()).toEqual(thirds);
    await recording.verify();
  });
});
