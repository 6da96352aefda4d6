import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis, type RedisOptions } from 'ioredis';

import type { LocalServer } from '../../../sidecar/local/engines';
import { waitFor } from './wait';

/** A server of some other installation. */
export interface SourceServer {
  readonly port: number;
  /** Rejects with what the server says. */
  readonly ask: (...command: [string, ...(string | number)[]]) => Promise<unknown>;
  /** One round trip for many keys. */
  readonly fill: (keys: readonly string[]) => Promise<void>;
  /** kill -9. */
  readonly kill: () => Promise<void>;
  /** On the same port, with what is in its folder. @param server another version of it */
  readonly start: (server?: LocalServer) => Promise<void>;
  /** Forgets what is in its folder. */
  readonly wipe: () => Promise<void>;
}

/** How a source is run. */
export interface SourceOptions {
  /** Further options of its command line. */
  readonly options?: readonly string[];
  /** What the user `default` says. @default nobody is asked */
  readonly password?: string;
  /** How the test gets in where the source speaks TLS alone. */
  readonly tls?: RedisOptions['tls'];
}

const started = new Set<() => Promise<void>>();

afterEach(async () => {
  for (const end of started) await end();
  started.clear();
});

const startBoundMs = 20_000;

/** Starts a server that nothing of this project looks after; gone after the test. It keeps an RDB file when it is told to save. */
export async function startSource(
  server: LocalServer,
  { options = [], password, tls }: SourceOptions = {},
): Promise<SourceServer> {
  const home = await mkdtemp(join(tmpdir(), 'keyspace-source-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const client = new Redis({
    host: '127.0.0.1',
    port,
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls } : {}),
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 50,
    lazyConnect: true,
  });
  client.on('error', () => undefined);

  async function kill(): Promise<void> {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async function start({ file } = server): Promise<void> {
    const ports = tls ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`];
    const usual = ['--dir', home, '--save', '', '--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];
    const proof = password === undefined ? [] : ['--requirepass', password];
    child = spawn(file, [...ports, ...usual, ...proof, ...options], { stdio: 'ignore' });
    if (client.status === 'wait') void client.connect().catch(() => undefined);
    await waitFor('the source answers', () => client.ping(), startBoundMs);
  }

  started.add(async () => {
    client.disconnect();
    await kill();
    await rm(home, { recursive: true, force: true });
  });
  await start();
  return {
    port,
    ask: (...command) => client.call(...command),
    async fill(keys) {
      const pipeline = client.pipeline();
      for (const key of keys) pipeline.set(key, `value of ${key}`);
      for (const [error] of (await pipeline.exec())!) if (error) throw error;
    },
    kill,
    start,
    async wipe() {
      await rm(home, { recursive: true, force: true });
      await mkdir(home);
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
