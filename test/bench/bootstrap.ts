import { setTimeout as delay } from 'node:timers/promises';

import { startAgents } from './agents';
import { exampleServer, findClient } from './example';
import { median, type Figure } from './figure';
import { untilFormed, type Place } from './formed';
import { createCluster, startServers } from './servers';

const rounds = 5;
const shards = 3;

/** A primary waits so long after its start before it reports `ok`, whoever forms the cluster (the engine's `CLUSTER_WRITABLE_DELAY`). Milliseconds. */
const writableDelayMs = 2000;

/**
 * Six servers that run already, from the start of whatever forms the cluster to every one of them reporting it complete: our six
 * agents, their own start included, against the engine's own client.
 */
export async function bootstrap(): Promise<readonly Figure[]> {
  const client = findClient(await exampleServer());
  const theirs: number[] = [];
  const ours: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    theirs.push(await measure((places) => create(client, places)));
    ours.push(await measure((places) => startAgents(places)));
    console.log(
      `round ${round}: --cluster create ${theirs.at(-1)!.toFixed(0)} ms, agents ${ours.at(-1)!.toFixed(0)} ms`,
    );
  }
  console.log(
    `median of ${rounds}: --cluster create ${median(theirs).toFixed(0)} ms, agents ${median(ours).toFixed(0)} ms`,
  );
  return [{ name: 'bootstrap', ratio: median(ours) / median(theirs), goal: 0.7 }];
}

/** @param form begins to form a cluster of these servers; gives what ends it */
async function measure(form: (places: readonly Place[]) => Promise<() => Promise<void>>): Promise<number> {
  const servers = await startServers(2 * shards);
  try {
    await delay(writableDelayMs);
    const began = performance.now();
    const [end] = await Promise.all([form(servers.places), untilFormed(servers.places, {}, shards)]);
    const tookMs = performance.now() - began;
    await end();
    return tookMs;
  } finally {
    await servers.end();
  }
}

async function create(client: string, places: readonly Place[]): Promise<() => Promise<void>> {
  await createCluster(client, places);
  return () => Promise.resolve();
}
