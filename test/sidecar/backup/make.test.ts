/** A backup is made as a whole or not at all, whatever fails on the way. */
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findBackup, readCatalog, removeBackup } from '../../../sidecar/backup/catalog';
import { createFolderStore } from '../../../sidecar/backup/folder-store';
import { makeBackup, type BackupEdges } from '../../../sidecar/backup/make';
import type { BackupCause } from '../../../sidecar/backup/manifest';
import { renderCatalog } from '../../../sidecar/backup/table';
import { tidyUp } from '../../../sidecar/backup/tidy';
import { verifyBackup } from '../../../sidecar/backup/verify';
import { clusterConfig } from '../support/config';
import { createMemoryLog } from '../support/log';
import { database, sound } from '../support/views';

const folder = 'test/db/';
const config = clusterConfig(3, 1, { backup: { destination: { folder: '/' }, source: 'replica', schedules: [] } });
const command: BackupCause = { cause: 'command' };
const silent = createMemoryLog();

let top: string;
beforeEach(async () => (top = await mkdtemp(join(tmpdir(), 'keyspace-backup-'))));
afterEach(() => rm(top, { recursive: true }));

const files = async (): Promise<string[]> =>
  (await readdir(top, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
    .sort();

async function* bytesOf(text: string, failure?: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
  if (failure !== undefined) throw new Error(failure);
}

const candidates = () =>
  database(sound).nodes.map(({ name, shard, address, server }) => ({
    shard,
    node: { name, host: `${name}.db` },
    at: address,
    server,
  }));

/** @param failing the shard whose server goes away in the middle */
const edges = (failing?: string, now = '2026-11-21T03:00:00.123Z'): BackupEdges => ({
  config,
  look: () => Promise.resolve(candidates()),
  openSnapshot: ({ shard }) =>
    Promise.resolve({
      replicationId: 'e'.repeat(40),
      offset: 7,
      content: bytesOf(`data of ${shard}`, shard === failing ? 'the server closed the connection' : undefined),
      close: () => undefined,
    }),
  store: createFolderStore(top),
  now: () => new Date(now),
  log: silent,
  signal: new AbortController().signal,
});

const store = () => createFolderStore(top);

test('every shard is a file, and the manifest says what is in each', async () => {
  const made = await makeBackup(edges(), { cause: 'schedule', schedule: 'nightly' });
  const name = '20261121T030000Z-nightly';
  expect(await files()).toEqual(
    ['manifest.json', 's0.rdb', 's1.rdb', 's2.rdb'].map((file) => `${folder}${name}/${file}`),
  );
  expect(JSON.parse(await readFile(join(top, folder, name, 'manifest.json'), 'utf8'))).toEqual(made);
  expect(made).toMatchObject({ name, cause: 'schedule', schedule: 'nightly', startedAt: '2026-11-21T03:00:00.123Z' });
  expect(made?.shards[0]).toEqual({
    name: 's0',
    file: 's0.rdb',
    bytes: 10,
    sha256: 'e0d234e1eea98b7947d0088fdbd7ad922cd6747b97d9522599769899fe0d4568',
    node: 's0-1',
    role: 'replica',
    serverVersion: expect.any(String) as string,
    nodeId: 's0-1',
    slots: [[0, 5460]],
    replicationId: 'e'.repeat(40),
    offset: 7,
  });
});

test.each(['s0', 's1', 's2'])('where %s fails in the middle, nothing is left of any shard', async (failing) => {
  await expect(makeBackup(edges(failing), command)).rejects.toThrow(
    `${failing} cannot be copied from ${failing}-1: the server closed the connection`,
  );
  expect(await readdir(top)).toEqual([]);
});

test('slots that move meanwhile make it no backup', async () => {
  let looks = 0;
  const moving = candidates().map(
    (candidate) =>
      JSON.parse(JSON.stringify(candidate).replace('"openSlots":[]', '"openSlots":["42->s1-0"]')) as typeof candidate,
  );
  const look = () => Promise.resolve(looks++ === 0 ? candidates() : moving);
  await expect(makeBackup({ ...edges(), look }, command)).rejects.toThrow('slots are being moved');
  expect(await readdir(top)).toEqual([]);
});

test('one that is made once is not made again', async () => {
  const once: BackupCause = { cause: 'once', name: 'before-migration' };
  expect(await makeBackup(edges(), once)).toMatchObject({ name: 'before-migration' });
  expect(await makeBackup(edges(), once)).toBeUndefined();
});

test('one is never written over another', async () => {
  await makeBackup(edges(), command);
  await expect(makeBackup(edges('s0'), command)).rejects.toThrow('there is a backup "20261121T030000Z"');
  expect(await files()).toHaveLength(4);
});

test('damage is found: in sizes by every look, in contents by reading all', async () => {
  await makeBackup(edges(), command);
  const found = findBackup(await readCatalog(store(), folder), 'latest');
  expect(await verifyBackup(store(), folder, found)).toEqual([]);
  const file = join(top, folder, found.name, 's1.rdb');
  await writeFile(file, 'DATA of s1');
  const [problem = '', ...more] = await verifyBackup(store(), folder, found);
  expect(problem).toMatch(/^s1\.rdb has the SHA-256 \w{64} instead of \w{64}$/);
  expect(more).toEqual([]);
  await truncate(file, 4);
  const catalog = await readCatalog(store(), folder);
  expect(catalog.backups[0]?.damage).toBe('s1.rdb has 4 bytes instead of 10');
  expect(() => findBackup(catalog, 'latest')).toThrow('there is no backup');
  expect(renderCatalog(catalog, top)).toContain('damaged: s1.rdb has 4 bytes instead of 10');
});

test('a removal that is interrupted leaves no backup', async () => {
  await makeBackup(edges(), command);
  const removed: string[] = [];
  const remove = (key: string) => (removed.push(key), Promise.reject(new Error('interrupted')));
  await expect(removeBackup({ ...store(), remove }, folder, '20261121T030000Z')).rejects.toThrow('interrupted');
  expect(removed).toEqual([`${folder}20261121T030000Z/manifest.json`]);
});

test('old backups of this database go, and what a killed process left; others are not touched', async () => {
  const kept = { ...config, backup: { ...config.backup!, retention: { count: 1 } } };
  for (const day of ['19', '20', '21']) await makeBackup(edges(undefined, `2026-11-${day}T03:00:00Z`), command);
  const other = { ...edges(), config: { ...config, database: 'db-2' } };
  await makeBackup(other, command);
  const stray = `${folder}20261110T030000Z/s0.rdb`;
  await store().put(stray, bytesOf('x'), 1);
  await utimes(join(top, stray), 0, Date.parse('2026-11-10T03:00:00Z') / 1000);
  await tidyUp(kept, store(), new Date('2026-11-21T04:00:00Z'), silent);
  expect([...new Set((await files()).map((file) => file.split('/').slice(0, 3).join('/')))]).toEqual([
    'test/db-2/20261121T030000Z',
    'test/db/20261121T030000Z',
  ]);
});

test('a manifest of another time is neither understood nor deleted', async () => {
  await store().put(`${folder}later/manifest.json`, bytesOf('{"manifest":2}'), 1);
  await tidyUp({ ...config, backup: { ...config.backup!, retention: { count: 1 } } }, store(), new Date(), silent);
  const catalog = await readCatalog(store(), folder);
  expect(catalog.unreadable.map(({ name }) => name)).toEqual(['later']);
  expect(() => findBackup(catalog, 'later')).toThrow('the manifest of backup "later" is not understood: manifest:');
  expect(() => findBackup(catalog, 'other')).toThrow('there is no backup "other"; there is none');
});
