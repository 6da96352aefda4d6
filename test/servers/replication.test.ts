/** A primary and its replicas: who takes over, when, and that no two ever take writes. */
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { paths } from '../../lib/contract/names';
import { locate } from '../../sidecar/home/paths';
import { layout } from '../../sidecar/local/layout';
import { watchAcknowledgements } from './support/acknowledgements';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { tell } from './support/progress';
import { shard, startReplicated } from './support/replicated';

jest.setTimeout(120_000);

const everyEngine = testEngines(['redis-7.0', 'redis-8.0', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1']);

/** Longer than the stall that is to change nothing. Milliseconds. */
const nodeTimeoutMs = 2500;

/** Far more than any end takes here. Milliseconds. */
const graceMs = 60_000;

/** Something that ends with another primary, or with the same one. */
interface Case {
  readonly what: string;
  readonly happen: (database: TestDatabase, primary: string) => Promise<unknown>;
  /** Whether another takes over; where it is missing, either may be. */
  readonly moves?: boolean;
  /** Longest time without a write. Milliseconds. */
  readonly boundMs: number;
}

const cases: readonly Case[] = [
  {
    what: 'its server is killed',
    happen: ({ local }, primary) => local.pod(primary).server.kill(),
    moves: true,
    boundMs: 2000,
  },
  {
    what: 'its server and its agent are killed',
    happen: ({ local }, primary) => Promise.all([local.pod(primary).server.kill(), local.pod(primary).agent.kill()]),
    moves: true,
    boundMs: 4000,
  },
  {
    what: 'its server hangs for two seconds',
    async happen({ local }, primary) {
      const { server } = local.pod(primary);
      server.pause();
      await delay(2000);
      server.resume();
    },
    moves: false,
    boundMs: 4000,
  },
  {
    what: 'its server hangs until it is replaced',
    async happen(database, primary) {
      const { server } = database.local.pod(primary);
      server.pause();
      await untilReplaced(database, primary).finally(() => server.resume());
    },
    moves: true,
    boundMs: 15_000,
  },
  {
    what: 'its pod ends',
    async happen({ local }, primary) {
      await local.pod(primary).end(graceMs);
      await local.start(primary);
    },
    moves: true,
    boundMs: 1000,
  },
  {
    what: 'every server is killed',
    // One that dies last may have been appointed meanwhile.
    happen: ({ local }) => Promise.all(local.pods().map(({ server }) => server.kill())),
    boundMs: 6000,
  },
  {
    what: 'it loses its power and its volume',
    async happen({ local }, primary) {
      const { address } = local.pod(primary);
      await local.pod(primary).lose();
      await rm(locate(layout.home(local.root, primary), paths.data), { recursive: true });
      await local.start(primary, address);
    },
    moves: true,
    boundMs: 15_000,
  },
];

const untilReplaced = (database: TestDatabase, primary: string) =>
  database.until('a replica has taken over', async () => (await database.primaryOf(shard)) !== primary);

/** Puts a database through cases, one after the other, under writes. */
async function goThrough(label: string, database: TestDatabase, chosen: readonly Case[]): Promise<void> {
  for (const { what, happen, moves, boundMs } of chosen) {
    const primary = await database.primaryOf(shard);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    const acknowledgements = watchAcknowledgements(database);
    await database.until('its writes are acknowledged', () => acknowledgements.nodes().length > 0);
    await happen(database, primary);
    if (moves) await untilReplaced(database, primary);
    await database.untilHealthy();
    await recording.verify();
    await acknowledgements.stop();
    const silentMs = Math.round(acknowledgements.longestSilenceMs());
    tell(`${label}: ${what}: no write for ${silentMs} ms`);
    const after = await database.primaryOf(shard);
    // Nobody takes a write after its successor has taken one.
    const nodes = acknowledgements.nodes();
    expect([what, ...nodes]).toEqual([what, ...new Set(nodes)]);
    expect([what, nodes.at(-1)]).toEqual([what, after]);
    expect([what, after !== primary]).toEqual([what, moves ?? after !== primary]);
    expect(silentMs).toBeLessThan(boundMs);
  }
}

const quick = ['its server is killed', 'its pod ends', 'every server is killed'];

describe.each(everyEngine)('a primary with two replicas on $label', ({ label, find }) => {
  test('is replaced at once where its agent can tell, and nothing confirmed is lost', async () => {
    const database = await startReplicated(await find(), { nodeTimeoutMs });
    await goThrough(
      label,
      database,
      cases.filter(({ what }) => quick.includes(what)),
    );
  });
});

describe.each(testEngines(['redis-7.0', 'valkey-9.1']))('a primary with two replicas on $label', ({ label, find }) => {
  test('is replaced when it has to be and not otherwise, and nothing confirmed is lost', async () => {
    const database = await startReplicated(await find(), { nodeTimeoutMs });
    await goThrough(
      label,
      database,
      cases.filter(({ what }) => !quick.includes(what)),
    );
  });
});
