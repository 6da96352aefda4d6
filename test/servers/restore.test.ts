/** Databases that start from a backup of another one: every key is there, and nobody serves before it is. */
import { watch, type FSWatcher } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { App, Chart, Yaml } from 'cdk8s';

import {
  Cluster,
  MultiMaster,
  Replication,
  Sentinel,
  Standalone,
  type ClusterProps,
  type RestoreProps,
} from '../../lib';
import type { Engine } from '../../lib/contract/engines';
import { paths } from '../../lib/contract/names';
import type { LocalServer } from '../../sidecar/local/engines';
import { layout } from '../../sidecar/local/layout';
import { readManifests } from '../../sidecar/local/manifests';
import { startDatabase, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { runKeyspace } from './support/keyspace';
import { tell } from './support/progress';

jest.setTimeout(300_000);

const backups = { volume: { claimName: 'backups' } };
const keys = 2000;
const keyOf = (number: number): string => `old:${number}`;
const valueOf = (number: number): string => `value ${number} ${'x'.repeat(200)}`;

/** A folder with a backup of a cluster of 3 shards, one of standalone; both of databases called `orders`. */
const stores = new Map<string, string>();
afterAll(() => Promise.all([...stores.values()].map((folder) => rm(folder, { recursive: true }))));

const name = 'orders';
const namespace = 'shop';

type Kind = 'cluster' | 'standalone' | 'replication' | 'sentinel' | 'multi-master';

interface Wanted {
  readonly kind: Kind;
  readonly shards?: number;
  readonly replicas?: number;
  readonly appendOnly?: 'off';
  readonly restore?: Partial<RestoreProps>;
}

function synthesize({ name: engine, version }: Engine, wanted: Wanted): string {
  const { kind, shards = 3, replicas = 0, restore, appendOnly } = wanted;
  const chart = new Chart(new App(), name, { namespace });
  const props = {
    engine,
    version,
    auth: { secret: { name: `${name}-auth` } },
    tls: 'off',
    persistence: {
      size: '1Gi',
      ...(appendOnly ? { appendOnly, snapshots: [{ afterSeconds: 3600, changes: 1 }] } : {}),
    },
    ...(restore ? { restore: { source: backups, ...restore } } : { backup: { destination: backups } }),
  } satisfies Partial<ClusterProps>;
  if (kind === 'cluster') new Cluster(chart, name, { ...props, shards, replicasPerShard: replicas });
  else if (kind === 'standalone') new Standalone(chart, name, props);
  else if (kind === 'replication') new Replication(chart, name, { ...props, replicas });
  else if (kind === 'sentinel') new Sentinel(chart, name, { ...props, replicas });
  else new MultiMaster(chart, name, { ...props, engine: 'keydb', version: '6.3' });
  return Yaml.stringify(...(chart.toJson() as object[]));
}

/** Makes a database, fills it, and keeps its backup for the tests of this file. */
async function storeOf(server: LocalServer, label: string, kind: 'cluster' | 'standalone'): Promise<string> {
  const known = stores.get(`${label} ${kind}`);
  if (known !== undefined) return known;
  const database = await startDatabase({ server, manifests: synthesize(server.engine, { kind }) });
  await database.untilHealthy();
  await write(database);
  const runner = database.local.pods()[0]!.name;
  expect(await runKeyspace(database, runner, 'backup', '--once', 'before')).toMatchObject({ code: 0, errors: '' });
  const folder = await mkdtemp(join(tmpdir(), 'keyspace-restore-'));
  await cp(join(layout.home(database.local.root, runner), 'stores/backup'), folder, { recursive: true });
  stores.set(`${label} ${kind}`, folder);
  await database.end();
  return folder;
}

async function write(database: TestDatabase): Promise<void> {
  const numbers = Array.from({ length: keys }, (_, number) => number);
  if (database.local.plan.config.topology === 'cluster') {
    const client = database.client();
    await Promise.all(numbers.map((number) => client.set(keyOf(number), valueOf(number))));
    return;
  }
  const node = database.local.pods()[0]!.name;
  for (const number of numbers) await database.ask(node, 'SET', keyOf(number), valueOf(number));
}

/** How many keys have their value, as clients find them. */
async function countIntact(database: TestDatabase, node: string): Promise<number> {
  const numbers = Array.from({ length: keys }, (_, number) => number);
  const client = database.local.plan.config.topology === 'cluster' ? database.client() : undefined;
  const read = (key: string) => client?.get(key) ?? database.ask(node, 'GET', key);
  const values = await Promise.all(numbers.map((number) => read(keyOf(number))));
  return values.filter((value, number) => value === valueOf(number)).length;
}

/**
 * Starts one whose nodes all see that store.
 *
 * @param prepared called for each node before it runs, when it has an empty volume @default nothing
 */
function startFrom(
  server: LocalServer,
  store: string,
  wanted: Wanted,
  prepared?: (root: string, node: string) => void,
): Promise<TestDatabase> {
  const manifests = synthesize(server.engine, { restore: { backup: 'latest' }, ...wanted });
  return startDatabase({
    server,
    manifests,
    async prepare(root) {
      const nodes = readManifests(manifests).config.shards.flatMap((shard) => shard.nodes);
      const copies = nodes.map((node) =>
        cp(store, join(layout.home(root, node.name), 'stores/restore'), { recursive: true }),
      );
      await Promise.all(copies);
      if (!prepared) return;
      for (const { name: node } of nodes) {
        await mkdir(join(layout.home(root, node), 'data'), { recursive: true });
        prepared(root, node);
      }
    },
  });
}

describe.each(testEngines())('a backup of $label', ({ label, find }) => {
  test('is what another cluster starts from, with as many shards or more, and one of a single node is too', async () => {
    const server = await find();
    const store = await storeOf(server, label, 'cluster');
    const began = performance.now();
    const database = await startFrom(server, store, { kind: 'cluster', replicas: 1 });
    await database.untilHealthy();
    tell(`${label}: whole ${Math.round(performance.now() - began)} ms after its pods began`);
    expect(await countIntact(database, '')).toBe(keys);
    await database.end();

    const larger = await startFrom(server, store, { kind: 'cluster', shards: 4, appendOnly: 'off' });
    await larger.untilHealthy();
    expect(await countIntact(larger, '')).toBe(keys);
    await larger.until('the new shard has its share', ({ nodes }) =>
      nodes.every(({ slotCount }) => slotCount === 4096),
    );
    expect(await countIntact(larger, '')).toBe(keys);
    await larger.end();

    const alone = await startFrom(server, await storeOf(server, label, 'standalone'), { kind: 'cluster' });
    await alone.untilHealthy();
    expect(await countIntact(alone, '')).toBe(keys);
  });

  test('of one node is what a database of any topology starts from, once', async () => {
    const server = await find();
    const store = await storeOf(server, label, 'standalone');
    for (const appendOnly of [undefined, 'off'] as const) {
      const database = await startFrom(server, store, {
        kind: 'standalone',
        ...(appendOnly ? { appendOnly, snapshots: [{ afterSeconds: 3600, changes: 1 }] } : {}),
      });
      const [node] = database.local.pods().map((pod) => pod.name);
      await database.untilHealthy();
      expect(await countIntact(database, node!)).toBe(keys);
      // From now on it is the database's own: a start takes nothing from the backup.
      await database.ask(node!, 'DEL', keyOf(7));
      await database.local.pod(node!).end(60_000);
      await database.local.start(node!);
      await database.untilHealthy();
      expect(await countIntact(database, node!)).toBe(keys - 1);
      await database.end();
    }
    for (const kind of ['replication', 'sentinel'] as const) {
      const database = await startFrom(server, store, { kind, replicas: 2 });
      await database.untilHealthy();
      const [primary, replica] = ['primary', 'replica'].map(
        (role) => async () => (await database.status()).nodes.find((node) => node.role === role)!.name,
      );
      expect(await countIntact(database, await primary!())).toBe(keys);
      expect(await countIntact(database, await replica!())).toBe(keys);
      await database.end();
    }
  });
});

describe.each(testEngines(['valkey-8.1']))('a restore on $label', ({ label, find }) => {
  const areHeld = async (database: TestDatabase): Promise<boolean> =>
    (await database.status()).nodes.every(({ state }) => state === 'held');
  const reasonsOf = async (database: TestDatabase): Promise<string> => (await database.status()).reasons.join('\n');

  test('that cannot be done says why, starts no server, and goes on when it can be', async () => {
    const server = await find();
    const store = await storeOf(server, label, 'cluster');
    const tooFew = await startFrom(server, store, { kind: 'standalone' });
    const why = 'backup before has 3 shards, and the spec 1 shard: it can only become a cluster again';
    await tooFew.until('it says so', async () => (await reasonsOf(tooFew)).includes(why));
    expect(await areHeld(tooFew)).toBe(true);
    await tooFew.end();

    const damaged = await mkdtemp(join(tmpdir(), 'keyspace-restore-'));
    stores.set('damaged', damaged);
    await cp(store, damaged, { recursive: true });
    const file = join(damaged, namespace, name, 'before', 'shard-1.rdb');
    const bent = await readFile(file);
    bent[bent.length >> 1]! ^= 1;
    await writeFile(file, bent);
    const database = await startFrom(server, damaged, { kind: 'cluster', restore: { backup: 'before' } });
    await database.until('it says so', async () =>
      /orders-shard-1-0 cannot: shard-1\.rdb has the SHA-256 \w+ instead of \w+/.test(await reasonsOf(database)),
    );
    // The parts that are there wait for it.
    expect(await reasonsOf(database)).not.toContain('orders-shard-0-0 cannot');
    expect(await areHeld(database)).toBe(true);
    const there = join(layout.home(database.local.root, 'orders-shard-1-0'), 'data');
    expect(await readdir(there)).not.toContain('appendonlydir');
    await cp(
      join(store, namespace, name, 'before', 'shard-1.rdb'),
      join(
        layout.home(database.local.root, 'orders-shard-1-0'),
        'stores/restore',
        namespace,
        name,
        'before/shard-1.rdb',
      ),
    );
    await database.untilHealthy();
    expect(await countIntact(database, '')).toBe(keys);
  });

  test('is made again where every volume is lost, also of a database whose record of who is primary is not', async () => {
    const server = await find();
    const database = await startFrom(server, await storeOf(server, label, 'standalone'), {
      kind: 'replication',
      replicas: 2,
    });
    await database.untilHealthy();
    const names = database.local.pods().map((pod) => pod.name);
    const first = (await database.status()).nodes.find(({ role }) => role === 'primary')!.name;
    await database.ask(first, 'SET', keyOf(7), 'newer');
    // Another one than the first of all is the primary by then.
    expect(await runKeyspace(database, first, 'switchover')).toMatchObject({ code: 0, errors: '' });
    await database.untilHealthy();
    for (const name of names) await database.local.pod(name).end(60_000);
    for (const name of names) {
      const data = join(layout.home(database.local.root, name), 'data');
      await rm(data, { recursive: true });
      await mkdir(data);
    }
    for (const name of names) await database.local.start(name);
    await database.untilHealthy();
    for (const name of names) expect(await countIntact(database, name)).toBe(keys);
  });

  test('goes on where agents are killed in the middle of it', async () => {
    const server = await find();
    const store = await storeOf(server, label, 'cluster');
    const draft = basename(paths.restoreDraft);
    const killed: Promise<string>[] = [];
    let database: TestDatabase | undefined;
    const watchers: FSWatcher[] = [];
    // As soon as there is a part of the copy: three times the agent of each node that makes one.
    const killAtDraft = (root: string, node: string): void => {
      let times = 0;
      const seen = (_event: string, name: string | null): void => {
        if (name !== draft || !database || ++times > 3) return;
        killed.push(
          database.local
            .pod(node)
            .agent.kill()
            .then(() => node),
        );
      };
      watchers.push(watch(join(layout.home(root, node), 'data'), seen));
    };
    try {
      database = await startFrom(server, store, { kind: 'cluster', replicas: 1 }, killAtDraft);
      await database.untilHealthy();
      expect(new Set(await Promise.all(killed)).size).toBe(3);
      expect(await countIntact(database, '')).toBe(keys);
    } finally {
      watchers.forEach((watcher) => watcher.close());
    }
  });
});
