/**
 * The requests that a store gets, on a server that keeps what it is sent and speaks as much of S3 as the agent needs:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createS3Store, partBytes } from '../../../sidecar/backup/s3-store';
import type { BackupStore } from '../../../sidecar/backup/store';
import { startS3Server, type S3Server } from './s3-server';

jest.setTimeout(30_000);

let server: S3Server;
let credentials: string;
let store: BackupStore;

const open = (prefix = 'eu/shop') =>
  createS3Store(
    { bucket: 'backups', prefix, endpoint: server.endpoint, region: 'eu-west-1', addressing: 'path', credentials },
    '',
  );

beforeEach(async () => {
  server = await startS3Server();
  credentials = await mkdtemp(join(tmpdir(), 'keyspace-s3-'));
  await writeFile(join(credentials, 'accessKeyId'), 'AKIDEXAMPLE\n');
  await writeFile(join(credentials, 'secretAccessKey'), 'secret');
  store = await open();
});

afterEach(async () => {
  store.close();
  await server.close();
  await rm(credentials, { recursive: true });
});

async function* pieces(bytes: Buffer, failure?: string): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield await Promise.resolve(bytes.subarray(at, at + 65_536));
  if (failure !== undefined) throw new Error(failure);
}

async function read(key: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await store.get(key)) parts.push(part);
  return Buffer.concat(parts);
}

const large = Buffer.alloc(20 * 2 ** 20, 'keyspace ');
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('a small object is one signed request, below bucket and prefix', async () => {
  await store.put('shop/orders/b/manifest.json', pieces(Buffer.from('{}')), 2);
  const [request, ...more] = server.requests;
  expect(more).toEqual([]);
  expect(request).toMatchObject({ method: 'PUT', path: '/backups/eu/shop/shop/orders/b/manifest.json' });
  expect(request?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request/,
  );
  // Of one request all is known, so its content is signed too: no store takes a changed one.
  expect(request?.headers['x-amz-content-sha256']).toBe(hash(Buffer.from('{}')));
  expect(request?.headers['x-amz-security-token']).toBeUndefined();
});

test('a session token is sent where there is one', async () => {
  await writeFile(join(credentials, 'sessionToken'), 'token\n');
  await store.put('a', pieces(Buffer.from('x')), 1);
  expect(server.requests[0]?.headers['x-amz-security-token']).toBe('token');
});

test('a large object is sent in parts, each of them signed, and read back as it was', async () => {
  await store.put('b/s0.rdb', pieces(large), large.length);
  const parts = server.requests.filter(({ query }) => query.has('partNumber'));
  expect(parts.map(({ bytes }) => bytes).sort((a, b) => b - a)).toEqual([2 ** 23, 2 ** 23, 2 ** 22]);
  for (const part of parts) expect(part.headers['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/);
  expect(hash(await read('b/s0.rdb'))).toBe(hash(large));
  expect(await store.list('b/')).toMatchObject([{ key: 'b/s0.rdb', bytes: large.length }]);
});

test('what fails in the middle is no object, and its parts are given back', async () => {
  await expect(store.put('b/s0.rdb', pieces(large, 'the server is gone'), large.length)).rejects.toThrow(
    `cannot write "b/s0.rdb" to s3://backups/eu/shop at ${server.endpoint}: the server is gone`,
  );
  await store.abandon('b/', new Date());
  expect(await store.list('')).toEqual([]);
  expect(server.uploads()).toEqual([]);
});

test('an upload that somebody else is making is left alone', async () => {
  server.beginUpload('eu/shop/b/s0.rdb', new Date());
  server.beginUpload('eu/shop/a/s0.rdb', new Date('2026-01-01'));
  server.beginUpload('eu/other/a/s0.rdb', new Date('2026-01-01'));
  await store.abandon('', new Date('2026-06-01'));
  expect(server.uploads()).toEqual(['eu/shop/b/s0.rdb', 'eu/other/a/s0.rdb']);
});

test('every object is listed, page by page, and none of a neighbour whose name begins alike', async () => {
  for (const name of ['a/1', 'a/2', 'a/3', 'ab/1']) await store.put(name, pieces(Buffer.from('x')), 1);
  expect((await store.list('a/')).map(({ key }) => key)).toEqual(['a/1', 'a/2', 'a/3']);
  expect(server.requests.filter(({ query }) => query.has('list-type'))).toHaveLength(2);
  await store.remove('a/1');
  await store.remove('a/1');
  expect((await store.list('')).map(({ key }) => key)).toEqual(['a/2', 'a/3', 'ab/1']);
});

test('an error says what was wanted, where, and what the store says', async () => {
  await expect(read('nothing')).rejects.toThrow(
    `cannot read "nothing" from s3://backups/eu/shop at ${server.endpoint}: NoSuchKey: The specified key does not exist.`,
  );
});

test('parts grow with what is expected, so that ten thousand of them are enough', () => {
  expect(partBytes(0)).toBe(8 * 2 ** 20);
  expect(partBytes(400e9) * 10_000).toBeGreaterThanOrEqual(400e9 * 1.5);
});
