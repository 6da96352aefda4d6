import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import Redis from 'ioredis';

import type { LocalServer } from '../../../sidecar/local/engines';
import { waitFor } from './wait';

/** Longest time until a small file is loaded. Milliseconds. */
const boundMs = 30_000;

/**
 * Starts an empty server on a snapshot, and looks into it.
 *
 * @param file an RDB file
 * @param look gets a client of that server, which is gone afterwards
 */
export async function loadSnapshot<T>(
  { file: program }: LocalServer,
  file: string,
  look: (client: Redis) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'keyspace-load-'));
  const socket = join(folder, 'socket');
  const options = { port: '0', unixsocket: socket, appendonly: 'no', dir: dirname(file), dbfilename: basename(file) };
  const words = [...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]), '--save', ''];
  const server = spawn(program, words, { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.once('close', resolve));
  const client = new Redis({ path: socket, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  try {
    await waitFor('the server has loaded its file', () => client.ping(), boundMs);
    return await look(client);
  } finally {
    client.disconnect();
    server.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}
