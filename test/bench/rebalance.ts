import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import Redis, { Cluster, type ClusterOptions } from 'ioredis';

import { can } from '../../lib/contract/engines';
import type { AgentConfig } from '../../lib/contract/agent-config';
import { migrationUser } from '../../lib/contract/names';
import { startAgents } from './agents';
import { examplePlan, exampleServer, findClient } from './example';
import { median, type Figure } from './figure';
import { untilFormed, type Place } from './formed';
import { startServers } from './servers';

const rounds = 3;
const keys = 800_000;
const bytes = 256;

/** Keys that are written in one go. */
const portion = 10_000;

/** Slots of the new one of four, and of each before. */
const share = 4096;
const before = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const;

/** Clients at a time while slots move, each with a pause between two commands. Milliseconds. */
const clients = 4;
const pauseMs = 2;

/** How often the new server is asked what it has. Milliseconds. */
const lookMs = 20;

/** Longest that a rebalancing may take. Milliseconds. */
const boundMs = 600_000;

/** What one rebalancing cost. */
interface Cost {
  /** From when the first slot is on its way until the last has arrived. */
  readonly tookMs: number;
  readonly p99Ms: number;
}

/**
 * A fourth shard for three with 800,000 keys of 256 bytes, under clients: our agents against the engine's own client, or, where the engine
 * moves slots by itself, against nothing but that.
 */
export async function rebalance(): Promise<readonly Figure[]> {
  const server = await exampleServer();
  const client = findClient(server);
  const atomic = can(server.engine, 'atomicSlotMigration');
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  for (let round = 1; round <= rounds; round++) {
    theirs.push(await measure(client, (places) => (atomic ? migrateAll(places) : rebalanceWith(client, places))));
    ours.push(await measure(client, startOurs));
    console.log(`round ${round}: ${say(atomic ? 'CLUSTER MIGRATESLOTS' : '--cluster rebalance', theirs.at(-1)!)}`);
    console.log(`round ${round}: ${say('agents', ours.at(-1)!)}`);
  }
  const ratio = (what: keyof Cost) => middle(ours, what) / middle(theirs, what);
  return [
    { name: 'rebalance', ratio: ratio('tookMs'), goal: atomic ? 1.2 : 0.2 },
    { name: 'rebalance-p99', ratio: ratio('p99Ms'), goal: 1 },
  ];
}

const middle = (costs: readonly Cost[], what: keyof Cost): number => median(costs.map((cost) => cost[what]));

const say = (who: string, { tookMs, p99Ms }: Cost): string =>
  `${who} ${tookMs.toFixed(0)} ms, p99 of a client ${p99Ms.toFixed(1)} ms`;

/** @param move begins to give the last of four servers its share; gives what ends it */
async function measure(
  client: string,
  move: (places: readonly Place[]) => Promise<() => Promise<void>>,
): Promise<Cost> {
  const servers = await startServers(4);
  const { places } = servers;
  let redis: Cluster | undefined;
  try {
    const [first, second, third, last] = places.map(({ ip, client: port }) => `${ip}:${port}`);
    await run(client, ['--cluster', 'create', first!, second!, third!, '--cluster-yes']);
    await run(client, ['--cluster', 'add-node', last!, first!]);
    await untilFormed(places, {}, 0);
    await fill(places);
    redis = connectAll(places);
    const watched = places.map(connect);
    const load = startLoad(redis);
    const end = await move(places);
    const tookMs = await untilShared(watched, load.begin).finally(() => watched.forEach((each) => each.disconnect()));
    const p99Ms = await load.end();
    await end();
    return { tookMs, p99Ms };
  } finally {
    redis?.disconnect();
    await servers.end();
  }
}

const connect = ({ ip, client }: Place): Redis => new Redis({ host: ip, port: client, enableReadyCheck: false });

function connectAll(places: readonly Place[], options: ClusterOptions = {}): Cluster {
  const redis = new Cluster(
    places.slice(0, 3).map(({ ip, client: port }) => ({ host: ip, port })),
    options,
  );
  redis.on('error', () => undefined);
  return redis;
}

async function run(program: string, words: readonly string[]): Promise<void> {
  const child = spawn(program, words, { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}`);
}

/** Every key where it belongs, in large portions. */
async function fill(places: readonly Place[]): Promise<void> {
  const redis = connectAll(places, { enableAutoPipelining: true });
  const value = 'x'.repeat(bytes);
  for (let from = 0; from < keys; from += portion) {
    await Promise.all(Array.from({ length: portion }, (_, index) => redis.set(nameOf(from + index), value)));
  }
  redis.disconnect();
}

const nameOf = (key: number): string => `key:${key}`;

/** Clients that read and write. @returns told when slots begin to move, from when on it counts, and when they have ended */
function startLoad(redis: Cluster) {
  const value = 'y'.repeat(bytes);
  const took: number[] = [];
  const state = { counts: false, stopped: false };
  async function work(index: number): Promise<void> {
    for (let turn = index; !state.stopped; turn += clients) {
      const key = nameOf((turn * 7919) % keys);
      const began = performance.now();
      await (turn % 2 === 0 ? redis.get(key) : redis.set(key, value));
      if (state.counts) took.push(performance.now() - began);
      await delay(pauseMs);
    }
  }
  const all = Promise.all(Array.from({ length: clients }, (_, index) => work(index)));
  return {
    begin: () => void (state.counts = true),
    async end(): Promise<number> {
      state.stopped = true;
      await all;
      return took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)]!;
    },
  };
}

/** @returns milliseconds from when the first slot is on its way until the last has arrived */
async function untilShared(servers: readonly Redis[], onFirst: () => void): Promise<number> {
  const target = servers[3]!;
  const until = performance.now() + boundMs;
  let began: number | undefined;
  while (performance.now() < until) {
    const owned = await countOwned(target);
    if (began === undefined && (owned > 0 || (await isAnyMigrating(servers)))) {
      began = performance.now();
      onFirst();
    }
    if (began !== undefined && owned >= share) return performance.now() - began;
    await delay(lookMs);
  }
  throw new Error(`the new shard has not had its share after ${boundMs / 1000} s`);
}

/** By the engine itself, where it can. */
async function isAnyMigrating(servers: readonly Redis[]): Promise<boolean> {
  const lists = servers.map((server) => server.call('CLUSTER', 'GETSLOTMIGRATIONS').catch(() => []));
  return (await Promise.all(lists)).some((list) => (list as unknown[]).length > 0);
}

async function countOwned(target: Redis): Promise<number> {
  const lines = String(await target.call('CLUSTER', 'NODES')).split('\n');
  const ranges = lines
    .find((line) => line.includes('myself'))!
    .split(' ')
    .slice(8);
  return ranges
    .filter((range) => !range.startsWith('['))
    .map((range) => range.split('-').map(Number))
    .reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0);
}

async function rebalanceWith(client: string, [first]: readonly Place[]): Promise<() => Promise<void>> {
  const words = ['--cluster', 'rebalance', `${first!.ip}:${first!.client}`, '--cluster-use-empty-masters'];
  const moved = run(client, words);
  return Promise.resolve(() => moved);
}

/** All that is to move, from all at once, and nothing beside it. */
async function migrateAll(places: readonly Place[]): Promise<() => Promise<void>> {
  const target = connect(places[3]!);
  const id = String(await target.call('CLUSTER', 'MYID'));
  target.disconnect();
  await Promise.all(
    before.map(async ([, last], index) => {
      const source = connect(places[index]!);
      const first = last - (index === 1 ? 1366 : 1365) + 1;
      await source.call('CLUSTER', 'MIGRATESLOTS', 'SLOTSRANGE', first, last, 'NODE', id);
      source.disconnect();
    }),
  );
  return () => Promise.resolve();
}

/** Beside servers that were not started by agents, and so lack the user as whom slots are handed over. */
async function startOurs(places: readonly Place[]): Promise<() => Promise<void>> {
  const config = fourShards();
  const target = connect(places[3]!);
  await target.acl('SETUSER', migrationUser(config.namespace, config.database), 'on', 'nopass', '~*', '+@all');
  target.disconnect();
  return startAgents(places, config);
}

/** The example with four shards of one node. */
function fourShards(): AgentConfig {
  const { config } = examplePlan();
  const shards = Array.from({ length: 4 }, (_, index) => {
    const name = `${config.database}-shard-${index}-0`;
    const model = config.shards[0]!.nodes[0]!;
    return { name: `shard-${index}`, nodes: [{ name, host: name + model.host.slice(model.name.length) }] };
  });
  return { ...config, shards };
}
