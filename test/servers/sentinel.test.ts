/** A primary and its replicas, watched by Sentinels: who takes over, and that agents and Sentinels agree. */
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { paths } from '../../lib/contract/names';
import { locate } from '../../sidecar/home/paths';
import { supportsTls } from '../../sidecar/local/engines';
import { layout } from '../../sidecar/local/layout';
import { untilSaid } from './support/agents';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { goThrough, untilReplaced, type Case } from './support/succession';
import { startWatched } from './support/watched';

jest.setTimeout(180_000);

/** Longer than the stall that is to change nothing. Milliseconds. */
const nodeTimeoutMs = 2500;

/** Far more than any end takes here. Milliseconds. */
const graceMs = 60_000;

const quick: readonly Case[] = [
  {
    what: 'its server is killed',
    happen: ({ local }, primary) => local.pod(primary).server.kill(),
    moves: true,
    boundMs: 5000,
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
];

const long: readonly Case[] = [
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
    boundMs: 20_000,
  },
  {
    what: 'its server is killed, and every agent while it is replaced',
    async happen(database, primary) {
      const { local } = database;
      const said = untilSaid(database, /replace .*; failed|have .* replace|making it primary|is replacing it/);
      await local.pod(primary).server.kill();
      await said;
      await Promise.all(local.pods().map(({ agent }) => agent.kill()));
    },
    moves: true,
    boundMs: 15_000,
  },
  {
    what: 'it loses its power and its volume, and comes back elsewhere',
    async happen({ local }, primary) {
      await local.pod(primary).lose();
      await rm(locate(layout.home(local.root, primary), paths.data), { recursive: true });
      await local.start(primary);
    },
    moves: true,
    boundMs: 20_000,
  },
];

/** Everybody whom a Sentinel lists, by what it lists them as. */
async function listed(database: TestDatabase, sentinel: string, what: 'REPLICAS' | 'SENTINELS'): Promise<string[]> {
  const rows = (await database.ask(sentinel, 'SENTINEL', what, masterOf(database))) as string[][];
  return rows.map((row) => `${row[row.indexOf('ip') + 1]!}:${row[row.indexOf('port') + 1]!}`).sort();
}

const masterOf = ({ local }: TestDatabase): string => local.plan.config.sentinel!.master;

const sentinelsOf = ({ local }: TestDatabase): string[] => local.plan.config.sentinel!.nodes.map(({ name }) => name);

const placesOf = ({ local }: TestDatabase, names: readonly string[]): string[] =>
  names.map((name) => `${local.pod(name).address.ip}:${local.pod(name).address.client}`).sort();

/** Each Sentinel lists the database's own and nobody else, and could have the primary replaced. */
async function expectNoGhosts(database: TestDatabase): Promise<void> {
  const all = sentinelsOf(database);
  const nodes = database.local.plan.config.shards[0]!.nodes.map(({ name }) => name);
  const primary = await database.primaryOf('server');
  for (const sentinel of all) {
    const others = all.filter((one) => one !== sentinel);
    expect(await listed(database, sentinel, 'SENTINELS')).toEqual(placesOf(database, others));
    const replicas = nodes.filter((one) => one !== primary);
    expect(await listed(database, sentinel, 'REPLICAS')).toEqual(placesOf(database, replicas));
    expect(await database.ask(sentinel, 'SENTINEL', 'CKQUORUM', masterOf(database))).toMatch(/^OK 3 usable/);
  }
}

describe.each(testEngines(['valkey-8.1', 'valkey-9.1']))('Sentinels on $label', ({ label, find }) => {
  test('replace a primary that is gone, and hear of a handover', async () => {
    const server = await find();
    const encrypted = label.includes('9.1') && (await supportsTls(server.file));
    const tls = encrypted ? ({ secret: { name: 'jobs-tls' }, clientCertificates: 'required' } as const) : 'off';
    const database = await startWatched(server, { nodeTimeoutMs, tls });
    await goThrough(encrypted ? `${label}, TLS` : label, database, quick);
  });
});

describe.each(testEngines(['valkey-8.1']))('Sentinels on $label', ({ label, find }) => {
  test('replace a primary when they have to and not otherwise, and nothing confirmed is lost', async () => {
    const database = await startWatched(await find(), { nodeTimeoutMs });
    await goThrough(label, database, long);
    await expectNoGhosts(database);
  });

  test('know nobody who is gone, after moves of everybody', async () => {
    const database = await startWatched(await find(), { nodeTimeoutMs });
    const [sentinel] = sentinelsOf(database);
    await Promise.all([sentinel!, 'jobs-server-2'].map((name) => database.readdress(name)));
    await database.untilHealthy();
    // Nobody is left whom the Sentinels know.
    await Promise.all(database.local.pods().map((pod) => pod.lose()));
    await Promise.all(database.local.plan.pods.map(({ name }) => database.local.start(name)));
    await database.untilHealthy();
    await expectNoGhosts(database);
  });

  test('of two databases stay apart when pods of both have exchanged their addresses', async () => {
    const [ours, theirs] = [
      await startWatched(await find(), { nodeTimeoutMs, namespace: 'shop', auth: 'off' }),
      await startWatched(await find(), { nodeTimeoutMs, namespace: 'museum', auth: 'off' }),
    ];
    const both = [ours, theirs];
    const recordings = await Promise.all(both.map((database) => database.record()));
    await ours.until('there are writes', () => recordings.every((each) => each.confirmed() >= 1000));
    await Promise.all(recordings.map((recording) => recording.stop()));
    const moved = await Promise.all(
      both.map(async (database) => [await database.primaryOf('server'), sentinelsOf(database)[0]!] as const),
    );
    const addresses = both.map(({ local }, index) => moved[index]!.map((name) => local.pod(name).address));
    await Promise.all(both.map(({ local }, index) => Promise.all(moved[index]!.map((name) => local.pod(name).lose()))));
    await Promise.all(
      both.map(({ local }, index) =>
        Promise.all(moved[index]!.map((name, which) => local.start(name, addresses[1 - index]![which]))),
      ),
    );
    for (const database of both) {
      await database.untilHealthy();
      await expectNoGhosts(database);
    }
    await Promise.all(recordings.map((recording) => recording.verify()));
  });
});
