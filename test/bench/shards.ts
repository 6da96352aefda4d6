import Redis, { type RedisOptions } from 'ioredis';

import type { DatabaseStatus } from '../../sidecar/health';
import type { LocalDatabase } from '../../sidecar/local/supervisor';
import type { Place } from './formed';

/** A primary and the replica that is to take over from it. */
export interface Pair {
  readonly primary: Place;
  readonly replica: Place;
}

/** Runs one command on one server. Rejects with what it says. */
export async function ask(place: Place, credentials: RedisOptions, ...words: [string, ...string[]]): Promise<unknown> {
  const redis = new Redis({ ...credentials, host: place.ip, port: place.client, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  try {
    return await redis.call(...words);
  } finally {
    redis.disconnect();
  }
}

/** The pairs of servers that make a cluster, as each replica itself says. https://valkey.io/commands/role/ */
export async function pairsAmong(places: readonly Place[]): Promise<readonly Pair[]> {
  const roles = await Promise.all(places.map((place) => ask(place, {}, 'ROLE') as Promise<[string, string, number]>));
  return places.flatMap((replica, index) => {
    const [role, , port] = roles[index]!;
    const primary = places.find(({ client }) => role === 'slave' && client === port);
    return primary ? [{ primary, replica }] : [];
  });
}

/** Names of the primary and the replica of a shard of the example. */
export function pairOf(
  { nodes }: DatabaseStatus,
  shard: string,
): { readonly primary: string; readonly replica: string } {
  const find = (role: string) => nodes.find((node) => node.shard === shard && node.role === role);
  const [primary, replica] = [find('primary'), find('replica')];
  if (!primary || !replica) throw new Error(`${shard} has no primary with a replica`);
  return { primary: primary.name, replica: replica.name };
}

/** Where the two are. */
export function placesOf(database: LocalDatabase, pair: ReturnType<typeof pairOf>): Pair {
  return { primary: database.pod(pair.primary).address, replica: database.pod(pair.replica).address };
}

/** Keys that are tried until one is of a server's slots; with three shards, one in three is. */
const mostTries = 1000;

/** A key that the server takes. */
export async function keyTakenBy(place: Place, credentials: RedisOptions): Promise<string> {
  for (let number = 0; number < mostTries; number++) {
    const key = `probe:${number}`;
    const reply = await ask(place, credentials, 'SET', key, '0').catch(() => undefined);
    if (reply === 'OK') return key;
  }
  throw new Error(`${place.ip}:${place.client} takes none of ${mostTries} keys`);
}
