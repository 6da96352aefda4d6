import { credentialsOf } from '../../sidecar/local/client';
import type { LocalDatabase } from '../../sidecar/local/supervisor';
import { exampleServer, findClient, untilHealthy, withExample } from './example';
import { median, type Figure } from './figure';
import { untilFormed } from './formed';
import { untilAccepted } from './probe';
import { createCluster, startServers } from './servers';
import { keyTakenBy, pairOf, pairsAmong, placesOf } from './shards';

const shards = ['shard-0', 'shard-1', 'shard-2'] as const;

/** Of the example, and of the servers beside which no agent runs. Milliseconds. */
const nodeTimeoutMs = 5000;

/** Longest time until somebody takes over. Milliseconds. */
const boundMs = 6 * nodeTimeoutMs;

/** What is lost, and how a pod of the example loses it. */
const losses = {
  process: (database: LocalDatabase, node: string) => database.pod(node).server.kill(),
  power: (database: LocalDatabase, node: string) => database.pod(node).lose(),
} as const;

/**
 * From the loss of a primary to the first write that its replica accepts: kill -9 of the process, beside which an agent sees it, against
 * the engine alone; and the loss of server and agent at once, for which nobody is left but the engine.
 */
export async function failover(): Promise<readonly Figure[]> {
  const alone = await measureAlone();
  const { process, power } = await withExample(async (database) => ({
    process: await measureOurs(database, 'process'),
    power: await measureOurs(database, 'power'),
  }));
  const line = (name: string, values: readonly number[]) =>
    console.log(
      `${name.padEnd(34)} median ${median(values).toFixed(0)} ms of ${values.map((ms) => ms.toFixed(0)).join(', ')}`,
    );
  line('the engine alone, process killed', alone);
  line('with agents, process killed', process);
  line('with agents, server and agent lost', power);
  return [
    { name: 'failover', ratio: median(process) / median(alone), goal: 0.05 },
    { name: 'failover-power', ratio: median(power) / (nodeTimeoutMs + 1000), goal: 1 },
  ];
}

/** One primary after the other is killed, and does not come back: there is a majority of primaries all the time. */
async function measureAlone(): Promise<readonly number[]> {
  const client = findClient(await exampleServer());
  const servers = await startServers(2 * shards.length);
  try {
    await createCluster(client, servers.places);
    await untilFormed(servers.places, {}, shards.length);
    const tookMs: number[] = [];
    for (const { primary, replica } of await pairsAmong(servers.places)) {
      const key = await keyTakenBy(primary, {});
      const accepted = untilAccepted(replica, {}, key, boundMs);
      await servers.kill(primary);
      tookMs.push(await accepted);
    }
    return tookMs;
  } finally {
    await servers.end();
  }
}

async function measureOurs(database: LocalDatabase, loss: keyof typeof losses): Promise<readonly number[]> {
  const credentials = credentialsOf(database);
  const tookMs: number[] = [];
  for (const shard of shards) {
    const pair = pairOf(await untilHealthy(database), shard);
    const { primary, replica } = placesOf(database, pair);
    const key = await keyTakenBy(primary, credentials);
    const accepted = untilAccepted(replica, credentials, key, boundMs);
    await losses[loss](database, pair.primary);
    tookMs.push(await accepted);
    if (loss === 'power') await database.start(pair.primary);
  }
  return tookMs;
}
