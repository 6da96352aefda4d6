import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { findServer, identify } from '../../../sidecar/local/engines';
import { cacheFolder, fetchedServer } from '../../../sidecar/local/machine/fetch-server';
import { temporaryFolder } from './fixture';

const root = temporaryFolder();
const wanted = { name: 'valkey', version: '8.1' } as const;
const env = { PATH: '/bin:/usr/bin', XDG_CACHE_HOME: join(root, 'empty-cache') };
const fetch = () => Promise.reject(new Error('there is no network'));

/** A program that says it is a server: all that the search looks at. */
function program(path: string, says: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(file, 0o755);
  return file;
}

const valkey = (version: string) => `Valkey server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0`;

test('takes the server of one’s own before any other', async () => {
  const own = program('own/my-server', valkey('8.1.4'));
  const path = dirname(program('path/valkey-server', valkey('9.1.2')));
  const found = await findServer(wanted, { env: { ...env, PATH: path, KEYSPACE_SERVER: own }, fetch });
  expect(found).toEqual({ file: own, engine: { name: 'valkey', version: '8.1' } });
});

test('takes a server on the PATH when it is new enough', async () => {
  const path = dirname(program('path/valkey-server', valkey('9.1.2')));
  const found = await findServer(wanted, { env: { ...env, PATH: `/nowhere:${path}` }, fetch });
  expect(found.file).toBe(join(path, 'valkey-server'));
});

test('passes over a server on the PATH that is too old, and takes the one fetched before', async () => {
  const path = dirname(program('old/valkey-server', valkey('7.2.5')));
  const cached = { ...env, PATH: path, XDG_CACHE_HOME: join(root, 'cache') };
  const file = fetchedServer(cacheFolder(cached));
  program(file.slice(root.length), valkey('9.1.2'));
  expect((await findServer(wanted, { env: cached, fetch })).file).toBe(file);
});

test('fetches one where there is none', async () => {
  const fetched = program('fetched/valkey-server', valkey('9.1.2'));
  const found = await findServer(wanted, { env, fetch: () => Promise.resolve(fetched) });
  expect(found.file).toBe(fetched);
});

test('rejects with what to install when nothing can be fetched', async () => {
  await expect(findServer(wanted, { env, fetch })).rejects.toThrow(
    'no valkey 8.1 server, and none can be fetched: there is no network; install one (apt-get install valkey-server ' +
      '(Debian 13, Ubuntu 24.10) or brew install valkey (macOS)) or name your own in the environment variable KEYSPACE_SERVER',
  );
});

test('rejects an engine that cannot be fetched with what to install', async () => {
  await expect(findServer({ name: 'redis', version: '8.0' }, { env, fetch })).rejects.toThrow(
    /^no redis 8.0 server: install one \(apt-get install redis-server/,
  );
});

test.each([
  ['too old', 'Valkey server v=8.0.1 sha=0', 'valkey 8.0'],
  ['another engine', 'Redis server v=8.0.2 sha=0', 'redis 8.0'],
])('rejects a server of one’s own that is %s', async (_, says, described) => {
  const own = program('own/unfit', says);
  await expect(findServer(wanted, { env: { ...env, KEYSPACE_SERVER: own }, fetch })).rejects.toThrow(
    `the manifests ask for valkey 8.1, and "${own}" is ${described}`,
  );
});

test('rejects a program that is no server, or cannot be run', async () => {
  const other = program('own/other', 'hello');
  await expect(identify(other)).rejects.toThrow(
    `server "${other}" says it is "hello", not one of valkey, redis, keydb`,
  );
  await expect(identify('/no/such/server')).rejects.toThrow(
    'server "/no/such/server" cannot be run: there is no program "/no/such/server"',
  );
});
