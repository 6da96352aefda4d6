/** What is on a volume when a backup has been brought to it, or has not. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

import type { AgentConfig } from '../../../lib/contract/agent-config';
import { paths } from '../../../lib/contract/names';
import { createS3Store } from '../../../sidecar/backup/s3-store';
import { readDisk } from '../../../sidecar/home/disk';
import { bring } from '../../../sidecar/restore/bring';
import { startS3Server } from '../backup/s3-server';
import { clusterConfig } from '../support/config';

const config = clusterConfig(3, 1, {
  restore: { source: { folder: '/stores/restore' }, database: 'test/db', from: { backup: 'latest' } },
});
const loaded = '/data/appendonlydir/appendonly.aof.1.base.rdb';

let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'keyspace-test-'))));
afterEach(() => rm(home, { recursive: true }));

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(home + path), { recursive: true });
  await writeFile(home + path, text);
};
const read = (path: string): Promise<string> => readFile(home + path, 'utf8');

const contentOf = (backup: string, shard: number): string => `REDIS0011 ${backup} ${shard}`;

/** As a backup leaves it behind. */
async function store(backup: string, day: number, shards = 3): Promise<void> {
  const folder = `/stores/restore/test/db/${backup}`;
  const parts = Array.from({ length: shards }, (_, shard) => {
    const text = contentOf(backup, shard);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return {
      ...{ name: `s${shard}`, file: `s${shard}.rdb`, bytes: text.length, sha256, node: `s${shard}-1`, role: 'replica' },
      ...{ serverVersion: '8.1.0', replicationId: 'x', offset: 7 },
    };
  });
  for (const [shard, { file }] of parts.entries()) await put(`${folder}/${file}`, contentOf(backup, shard));
  const at = `2026-11-0${day}T00:00:00Z`;
  const manifest = {
    ...{ manifest: 1, name: backup, namespace: 'test', database: 'db', topology: 'cluster', agent: '0.1.0' },
    ...{ engine: { name: 'valkey', version: '8.1' }, cause: 'command', startedAt: at, finishedAt: at, shards: parts },
  };
  await put(`${folder}/manifest.json`, JSON.stringify(manifest));
}

beforeEach(async () => {
  await mkdir(home + paths.data, { recursive: true });
  await store('monday', 2);
});

const bringIt = (backup: string, given: AgentConfig = config, signal = new AbortController().signal): Promise<void> =>
  bring({ config: given, home, note: () => undefined, signal }, { backup, shard: 1 });

const disk = () => readDisk(home, config);

test('its part, where the server loads it, and a note of what it is', async () => {
  await bringIt('latest');
  expect(await read(loaded)).toBe(contentOf('monday', 1));
  expect(await read('/data/appendonlydir/appendonly.aof.manifest')).toBe(
    'file appendonly.aof.1.base.rdb seq 1 type b\n',
  );
  expect(await disk()).toEqual({ hasData: true, hasFiles: true, restore: { backup: 'monday', done: true } });
  expect(existsSync(home + paths.restoreDraft)).toBe(false);
});

test('its part from a bucket', async () => {
  const server = await startS3Server();
  try {
    const credentials = '/credentials';
    await put(`${credentials}/accessKeyId`, 'AKIDEXAMPLE');
    await put(`${credentials}/secretAccessKey`, 'secret');
    const bucket = { bucket: 'backups', endpoint: server.endpoint, region: 'eu-west-1' };
    const s3 = { ...bucket, addressing: 'path', credentials } as const;
    const stored = await createS3Store(s3, home);
    for (const name of ['s0.rdb', 's1.rdb', 's2.rdb', 'manifest.json']) {
      const key = `test/db/monday/${name}`;
      const bytes = await readFile(`${home}/stores/restore/${key}`);
      await stored.put(key, Readable.from([bytes]), bytes.length);
    }
    stored.close();
    await rm(`${home}/stores`, { recursive: true });
    await bringIt('latest', { ...config, restore: { ...config.restore!, source: { s3 } } });
    expect(await read(loaded)).toBe(contentOf('monday', 1));
  } finally {
    await server.close();
  }
});

test.each([
  ['a dump without an append-only file', { persistence: 'rdb' }, '/data/dump.rdb'],
  ['one append-only file on KeyDB', { engine: { name: 'keydb', version: '6.3' } }, '/data/appendonly.aof'],
] as const)('%s', async (_what, rest, file) => {
  const old = 'REDIS0009';
  const given: AgentConfig = { ...config, ...rest };
  if ('engine' in rest) await reformat(old);
  await bringIt('monday', given);
  expect((await read(file)).slice(9)).toBe(contentOf('monday', 1).slice(9));
  expect((await readDisk(home, given)).hasData).toBe(true);
});

/** The same backup, as an older engine would have written it. */
async function reformat(header: string): Promise<void> {
  const folder = '/stores/restore/test/db/monday';
  const manifest = JSON.parse(await read(`${folder}/manifest.json`)) as { shards: { file: string; sha256: string }[] };
  const shards = await Promise.all(
    manifest.shards.map(async (part) => {
      const text = header + (await read(`${folder}/${part.file}`)).slice(header.length);
      await put(`${folder}/${part.file}`, text);
      return { ...part, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
  await put(`${folder}/manifest.json`, JSON.stringify({ ...manifest, shards }));
}

test('an attempt that was cut short goes on with what was the latest when it began', async () => {
  await put('/stores/restore/test/db/monday/s1.rdb', contentOf('monday', 2));
  await expect(bringIt('latest')).rejects.toThrow(/s1\.rdb has the SHA-256 \w+ instead of \w+/);
  await store('monday', 2);
  const stop = AbortSignal.abort(new Error('killed'));
  await expect(bringIt('latest', config, stop)).rejects.toThrow('killed');
  expect(await disk()).toEqual({ hasData: false, hasFiles: false, restore: { backup: 'monday', done: false } });
  await store('tuesday', 3);
  await bringIt('latest');
  expect(await read(loaded)).toBe(contentOf('monday', 1));
});

test('a file that was placed and not noted yet is not brought again', async () => {
  await bringIt('monday');
  await put(paths.restore, JSON.stringify({ backup: 'monday', done: false }));
  await rm(`${home}/stores/restore/test/db/monday/s1.rdb`);
  await put('/stores/restore/test/db/monday/s1.rdb', contentOf('monday', 1).replace('1', '2'));
  await bringIt('monday');
  expect(await read(loaded)).toBe(contentOf('monday', 1));
  expect((await disk()).restore).toEqual({ backup: 'monday', done: true });
});

test('another backup takes the place of one on which no server has started', async () => {
  await store('tuesday', 3);
  await bringIt('monday');
  await bringIt('tuesday');
  expect(await read(loaded)).toBe(contentOf('tuesday', 1));
  expect((await disk()).restore).toEqual({ backup: 'tuesday', done: true });
});

test.each([
  ['an append-only file', '/data/appendonlydir/appendonly.aof.manifest'],
  ['a dump, though the spec has come to ask for an append-only file', '/data/dump.rdb'],
])('nothing is brought over %s', async (_what, file) => {
  await put(file, 'mine');
  await expect(bringIt('monday')).rejects.toThrow('there is data on the volume already');
  expect(await read(file)).toBe('mine');
  expect((await disk()).restore).toBeUndefined();
});

test('what a drained node has left goes aside first, and not what is brought later', async () => {
  await put('/data/appendonlydir/appendonly.aof.manifest', 'old');
  await put('/data/nodes.conf', 'old');
  await put(paths.drained, '');
  expect(await disk()).toMatchObject({ hasFiles: false });
  await bringIt('monday');
  expect(existsSync(home + paths.drained)).toBe(false);
  expect(await read(`${paths.before}/nodes.conf`)).toBe('old');
  expect(await read(loaded)).toBe(contentOf('monday', 1));
});

test('a shard that the backup does not have is left empty', async () => {
  await store('small', 4, 1);
  await bringIt('small');
  expect(await disk()).toEqual({ hasData: false, hasFiles: false, restore: { backup: 'small', done: true } });
});

test('nothing is left where it cannot be done', async () => {
  const fewer: AgentConfig = { ...config, shards: config.shards.slice(0, 2) };
  await expect(bringIt('monday', fewer)).rejects.toThrow('has 3 shards, and the spec 2 shards: say "shards: 3" first');
  await expect(bringIt('sunday')).rejects.toThrow('there is no backup "sunday"; the newest are monday');
  await expect(bringIt('monday', { ...config, engine: { name: 'redis', version: '7.0' } })).rejects.toThrow(
    'redis 7.0 does not load what begins with "REDIS0011"',
  );
  expect((await disk()).hasFiles).toBe(false);
  expect(existsSync(home + paths.restoreDraft)).toBe(false);
});
