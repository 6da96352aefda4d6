import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { createPorts } from '../../../sidecar/local/machine/ports';
import { exampleServer } from '../example';
import type { Place } from '../formed';
import { endProcess } from '../servers';
import { ask } from '../shards';

/** What the Sentinels call the primary. */
export const master = 'queue';

/** Longest until everybody knows everybody. Milliseconds. */
const boundMs = 60_000;

/** Pause between two looks. Milliseconds. */
const lookEveryMs = 20;

/** A primary, two replicas and three Sentinels, as their documentation has one set them up: nobody is beside them. */
export interface SentinelAlone {
  readonly servers: readonly Place[];
  readonly sentinels: readonly Place[];
  /** Whom all Sentinels hold for the primary, once everybody is whom they know. */
  readonly untilWhole: () => Promise<Place>;
  /** kill -9. */
  readonly kill: (server: Place) => Promise<void>;
  /** Starts it again, as a replica of that primary. */
  readonly startAgain: (server: Place, primary: Place) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Starts all six. */
export async function startSentinelAlone(downAfterMs: number): Promise<SentinelAlone> {
  const { file } = await exampleServer();
  const ports = createPorts();
  const root = await mkdtemp(join(tmpdir(), 'keyspace-bench-'));
  const take = () => Promise.all(Array.from({ length: 3 }, () => ports.take()));
  const [servers, sentinels] = [await take(), await take()];
  const processes = new Map<Place, ChildProcess>();
  const start = async (place: Place, directives: readonly string[], words: readonly string[] = []): Promise<void> => {
    const config = await configure(root, place, directives);
    processes.set(place, spawn(file, [config, ...words], { stdio: 'ignore' }));
    await untilAnswers(place);
  };
  const startServer = (place: Place, primary: Place): Promise<void> => start(place, serverDirectives(place, primary));
  for (const server of servers) await startServer(server, servers[0]!);
  for (const sentinel of sentinels) await start(sentinel, watch(servers[0]!, downAfterMs), ['--sentinel']);
  return {
    servers,
    sentinels,
    untilWhole: () => untilWhole(servers, sentinels),
    kill: (server) => endProcess(processes.get(server)!),
    startAgain: startServer,
    async end() {
      await Promise.all([...processes.values()].map(endProcess));
      ports.release();
      await rm(root, { recursive: true });
    },
  };
}

const serverDirectives = ({ client }: Place, primary: Place): string[] => [
  'appendonly yes',
  'save ""',
  'repl-diskless-sync-delay 0',
  ...(primary.client === client ? [] : [`replicaof ${primary.ip} ${primary.client}`]),
];

const watch = ({ ip, client }: Place, downAfterMs: number): string[] => [
  `sentinel monitor ${master} ${ip} ${client} 2`,
  `sentinel down-after-milliseconds ${master} ${downAfterMs}`,
  `sentinel failover-timeout ${master} 10000`,
];

async function configure(root: string, { client }: Place, directives: readonly string[]): Promise<string> {
  const folder = join(root, `${client}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'server.conf');
  await writeFile(file, [`port ${client}`, 'bind 127.0.0.1', `dir ${folder}`, ...directives].join('\n') + '\n');
  return file;
}

const untilAnswers = (place: Place): Promise<unknown> =>
  until(`${place.ip}:${place.client} answers`, () => ask(place, {}, 'PING'));

const untilWhole = (servers: readonly Place[], sentinels: readonly Place[]): Promise<Place> =>
  until('the Sentinels know everybody', async () => {
    const said = await Promise.all(sentinels.map(primaryOf));
    const primary = servers.find(({ client }) => said.every((one) => one === client));
    if (!primary) return undefined;
    const replicas = servers.filter((server) => server !== primary);
    const roles = await Promise.all(replicas.map((one) => ask(one, {}, 'ROLE') as Promise<unknown[]>));
    const linked = roles.every(
      ([role, , port, state]) => role === 'slave' && port === primary.client && state === 'connected',
    );
    return linked ? primary : undefined;
  });

/** Port of the primary, for a Sentinel that sees two replicas and two Sentinels, none of them down. */
async function primaryOf(sentinel: Place): Promise<number | undefined> {
  const fields = (await ask(sentinel, {}, 'SENTINEL', 'MASTER', master)) as string[];
  const listed = (await ask(sentinel, {}, 'SENTINEL', 'REPLICAS', master)) as string[][];
  const field = (name: string) => fields[fields.indexOf(name) + 1];
  const all = field('num-slaves') === '2' && field('num-other-sentinels') === '2' && field('flags') === 'master';
  const up = listed.every((one) => one[one.indexOf('flags') + 1] === 'slave');
  return all && up ? Number(field('port')) : undefined;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const ends = performance.now() + boundMs;
  while (performance.now() < ends) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await delay(lookEveryMs);
  }
  throw new Error(`${what}: not within ${boundMs} ms`);
}
