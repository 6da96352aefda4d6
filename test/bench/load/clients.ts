import { EventEmitter } from 'node:events';

import Redis, { Cluster, type ClusterNode, type RedisOptions } from 'ioredis';

/** Longest that a client waits for an answer. Milliseconds. */
const commandTimeoutMs = 3000;

/** Longest that a machine may take to let a connection be made: one that has lost its power says nothing. Milliseconds. */
const connectTimeoutMs = 1000;

/** Pause before a connection that was lost is made again. Milliseconds. */
const retryMs = 5;

/** An ordinary client of the field, for a cluster. */
export function clusterClient(seeds: readonly ClusterNode[], credentials: RedisOptions): Cluster {
  const client = new Cluster([...seeds], { redisOptions: { ...credentials, commandTimeout: commandTimeoutMs } });
  // The command that fails says so itself.
  client.on('error', () => undefined);
  return client;
}

// Sixteen writers that are refused at once each have the connection made anew, and wait for the end of the old one.
EventEmitter.defaultMaxListeners = 64;

/** A server that takes no writes is left, and the command said again to whoever is there then. */
const again = 2;

/** An ordinary client of the field, for one address, as of a Service; or for Sentinels, which say who is the primary. */
export function plainClient(options: RedisOptions): Redis {
  const client = new Redis({
    ...options,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    retryStrategy: () => retryMs,
    sentinelRetryStrategy: () => retryMs,
    maxRetriesPerRequest: null,
    reconnectOnError: ({ message }) => (/^(READONLY|NOREPLICAS|LOADING|UNBLOCKED)/.test(message) ? again : false),
  });
  client.on('error', () => undefined);
  return client;
}

/** {@link plainClient}, which asks Sentinels who is primary, and hears from them when that changes. */
export const sentinelClient = (
  sentinels: readonly { readonly host: string; readonly port: number }[],
  name: string,
  credentials: RedisOptions,
): Redis => {
  const { username, password } = credentials;
  const signIn = {
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
  };
  return plainClient({ ...credentials, ...signIn, sentinels: [...sentinels], name, failoverDetector: true });
};
