import { setTimeout as delay } from 'node:timers/promises';

import { credentialsOf } from '../../sidecar/local/client';
import { exampleServer, findClient, untilHealthy, withExample } from './example';
import type { Figure } from './figure';
import { untilFormed, type Place } from './formed';
import { clusterClient } from './load/clients';
import { startLoad } from './load/load';
import { figuresOfRounds, measureRounds, printRounds, type Measured } from './rounds';
import { createCluster, startServers } from './servers';
import { ask, pairOf, pairsAmong, type Pair } from './shards';

const rounds = 21;
const shards = ['shard-0', 'shard-1', 'shard-2'] as const;

/** Longest time a pod may take to end. Milliseconds. */
const graceMs = 60_000;

/** Longest time until roles have changed. Milliseconds. */
const boundMs = 10_000;

/** Pods of primaries that end while clients write, against a plain `CLUSTER FAILOVER` of servers that all go on running. */
export async function handover(): Promise<readonly Figure[]> {
  const plain = await measurePlain();
  const ours = await measureOurs();
  printRounds('plain CLUSTER FAILOVER', plain);
  printRounds('a primary pod ends', ours);
  return figuresOfRounds('handover', ours);
}

async function measurePlain(): Promise<Measured> {
  const client = findClient(await exampleServer());
  const servers = await startServers(2 * shards.length);
  try {
    await createCluster(client, servers.places);
    await untilFormed(servers.places, {}, shards.length);
    const load = startLoad(clusterClient(seedsOf(servers.places), {}));
    return await measureRounds(load, rounds, async (round) => {
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
    return measureRounds(load, rounds, async (round) => {
      const { primary } = pairOf(await untilHealthy(database), shards[round % shards.length]!);
      await database.pod(primary).end(graceMs);
      await database.start(primary);
      await untilHealthy(database);
    });
  });

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
