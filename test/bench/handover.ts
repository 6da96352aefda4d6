import { setTimeout as delay } from 'node:timers/promises';

import { credentialsOf } from '../../sidecar/local/client';
import { exampleServer, findClient, untilHealthy, withExample } from './example';
import { median, p99, type Figure } from './figure';
import { untilFormed, type Place } from './formed';
import { clusterClient } from './load/clients';
import { startLoad, type Load } from './load/load';
import { createCluster, startServers } from './servers';
import { ask, pairOf, pairsAmong, type Pair } from './shards';

const rounds = 21;
const shards = ['shard-0', 'shard-1', 'shard-2'] as const;

/** Longest time a pod may take to end. Milliseconds. */
const graceMs = 60_000;

/** Longest time until roles have changed. Milliseconds. */
const boundMs = 10_000;

/** A pause that clients do not notice. Milliseconds. */
const goalMs = 100;

/** What the writers felt: the longest write of each round, and all rounds together. */
interface Measured {
  readonly pausesMs: readonly number[];
  readonly failed: number;
  readonly lost: number;
}

/** Pods of primaries that end while clients write, against a plain `CLUSTER FAILOVER` of servers that all go on running. */
export async function handover(): Promise<readonly Figure[]> {
  const plain = await measurePlain();
  const ours = await measureOurs();
  for (const [name, { pausesMs, failed, lost }] of [
    ['plain CLUSTER FAILOVER', plain],
    ['a primary pod ends', ours],
  ] as const) {
    const pause = `p50 ${median(pausesMs).toFixed(0)} ms, p99 ${p99(pausesMs).toFixed(0)} ms`;
    console.log(`${name.padEnd(22)} write pause ${pause} of ${rounds}; ${failed} failed, ${lost} lost`);
  }
  return [
    { name: 'handover-p99', ratio: p99(ours.pausesMs) / goalMs, goal: 1 },
    { name: 'handover-failed', ratio: ours.failed, goal: 0 },
    { name: 'handover-lost', ratio: ours.lost, goal: 0 },
  ];
}

async function measurePlain(): Promise<Measured> {
  const client = findClient(await exampleServer());
  const servers = await startServers(2 * shards.length);
  try {
    await createCluster(client, servers.places);
    await untilFormed(servers.places, {}, shards.length);
    const load = startLoad(clusterClient(seedsOf(servers.places), {}));
    return await measure(load, async (round) => {
      const pairs = await pairsAmong(servers.places);
      const pair = pairs[round % pairs.length]!;
      await ask(pair.replica, {}, 'CLUSTER', 'FAILOVER');
      await untilSwapped(pair);
    });
  } finally {
    await servers.end();
  }
}

const measureOurs = (): Promise<Measured> =>
  withExample(async (database) => {
    await untilHealthy(database);
    const load = startLoad(
      clusterClient(seedsOf(database.pods().map(({ address }) => address)), credentialsOf(database)),
    );
    return measure(load, async (round) => {
      const { primary } = pairOf(await untilHealthy(database), shards[round % shards.length]!);
      await database.pod(primary).end(graceMs);
      await database.start(primary);
      await untilHealthy(database);
    });
  });

/** What everybody does before a round: connects. Milliseconds. */
const warmUpMs = 2000;

async function measure(load: Load, change: (round: number) => Promise<void>): Promise<Measured> {
  await delay(warmUpMs);
  const pausesMs: number[] = [];
  let [failed, lost] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    load.mark();
    await change(round);
    const felt = load.felt();
    pausesMs.push(felt.longestMs);
    failed += felt.failed;
    lost += felt.lost;
    console.log(`round ${round + 1}: longest write ${felt.longestMs.toFixed(0)} ms, ${felt.failed} failed`);
  }
  load.mark();
  await load.readBack();
  lost += load.felt().lost;
  await load.end();
  return { pausesMs, failed, lost };
}

const seedsOf = (places: readonly Place[]) => places.map(({ ip, client }) => ({ host: ip, port: client }));

/** Resolves when the old primary follows the new one. */
async function untilSwapped({ primary, replica }: Pair): Promise<void> {
  const until = performance.now() + boundMs;
  while (performance.now() < until) {
    const [role, , port, state] = (await ask(primary, {}, 'ROLE')) as [string, string, number, string];
    if (role === 'slave' && port === replica.client && state === 'connected') return;
    await delay(10);
  }
  throw new Error(`${primary.ip}:${primary.client} does not follow its replica within ${boundMs} ms`);
}
