import { setTimeout as delay } from 'node:timers/promises';
import Redis, { type RedisOptions } from 'ioredis';

import type { Address } from '../../sidecar/view';

/** Where a server is. */
export type Place = Address;

/** How often each server is asked. Milliseconds. */
const pauseMs = 10;

/** Longest time a cluster may take. Milliseconds. */
const boundMs = 60_000;

/**
 * Resolves when every server knows all of them, has every slot assigned, and reports `cluster_state:ok`, and the replicas have their copies.
 *
 * @param replicas how many of them
 * @throws Error where that is not so within a minute
 */
export async function untilFormed(places: readonly Place[], options: RedisOptions, replicas: number): Promise<void> {
  const until = performance.now() + boundMs;
  const clients = places.map((place) => watchful(place, options));
  try {
    while (performance.now() < until) {
      const answers = await Promise.all(clients.map(ask));
      const formed = answers.every((answer) => answer?.complete(places.length));
      if (formed && answers.filter((answer) => answer?.replica).length === replicas) return;
      await delay(pauseMs);
    }
    throw new Error(`no cluster within ${boundMs / 1000} s`);
  } finally {
    clients.forEach((client) => client.disconnect());
  }
}

function watchful({ ip, client: port }: Place, options: RedisOptions): Redis {
  const client = new Redis({
    ...options,
    host: ip,
    port,
    retryStrategy: () => pauseMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  });
  // A server that is not up yet; the next answer says when it is.
  client.on('error', () => undefined);
  return client;
}

async function ask(client: Redis) {
  try {
    const [info, role] = await Promise.all([client.call('CLUSTER', 'INFO'), client.call('ROLE')]);
    const [kind, , , link] = role as readonly string[];
    const has = (line: string) => String(info).split('\r\n').includes(line);
    return {
      replica: kind === 'slave' && link === 'connected',
      complete: (nodes: number) =>
        has('cluster_state:ok') && has('cluster_slots_assigned:16384') && has(`cluster_known_nodes:${nodes}`),
    };
  } catch {
    return undefined;
  }
}
