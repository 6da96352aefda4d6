import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';

import { createPorts } from '../../sidecar/local/machine/ports';
import { exampleServer } from './example';
import type { Place } from './formed';

/** Bare servers in cluster mode that know nobody. */
export interface Servers {
  readonly places: readonly Place[];
  /** kill -9. */
  readonly kill: (place: Place) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Starts so many, and resolves when all of them answer. */
export async function startServers(count: number): Promise<Servers> {
  const { file } = await exampleServer();
  const ports = createPorts();
  const root = await mkdtemp(join(tmpdir(), 'keyspace-bench-'));
  const places = await Promise.all(Array.from({ length: count }, () => ports.take()));
  const processes = await Promise.all(places.map((place) => startServer(file, join(root, `${place.client}`), place)));
  await Promise.all(places.map(untilAnswering));
  return {
    places,
    kill: (place) => endProcess(processes[places.indexOf(place)]!),
    async end() {
      await Promise.all(processes.map(endProcess));
      ports.release();
      await rm(root, { recursive: true });
    },
  };
}

/** As the example's servers, without a password, which spares the client its log-in. */
async function startServer(file: string, folder: string, { client, bus }: Place): Promise<ChildProcess> {
  await mkdir(folder);
  const directives = [
    `port ${client}`,
    `cluster-port ${bus}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    'appendonly yes',
    'save ""',
    'cluster-enabled yes',
    'cluster-node-timeout 5000',
    'cluster-require-full-coverage no',
    'repl-diskless-sync-max-replicas 1',
  ];
  await writeFile(join(folder, 'server.conf'), directives.join('\n') + '\n');
  return spawn(file, [join(folder, 'server.conf')], { stdio: 'ignore' });
}

async function untilAnswering({ ip, client }: Place): Promise<void> {
  const redis = new Redis({
    host: ip,
    port: client,
    retryStrategy: () => 10,
    maxRetriesPerRequest: null,
    enableReadyCheck: false,
  });
  redis.on('error', () => undefined);
  await redis.ping();
  redis.disconnect();
}

/** kill -9, and gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Has the engine's own command line client make a cluster of servers: the first half are primaries. */
export async function createCluster(client: string, places: readonly Place[]): Promise<void> {
  const nodes = places.map(({ ip, client: port }) => `${ip}:${port}`);
  const words = ['--cluster', 'create', ...nodes, '--cluster-replicas', '1', '--cluster-yes'];
  const child = spawn(client, words, { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${client} --cluster create ended with ${code}`);
}
