import Redis, { type RedisOptions } from 'ioredis';

/** Longest that a command may take: a server that is paused does not answer. Milliseconds. */
const boundMs = 2_000;

/** `host:port` of a server. */
export type Endpoint = string;

/** Connections to servers by endpoint, opened when first asked for, forgotten when lost. */
export interface Connections {
  /** Rejects where the server cannot be reached. */
  readonly open: (endpoint: Endpoint) => Promise<Redis>;
  readonly close: () => void;
}

/**
 * Nothing is ever sent again by itself: a WAIT that came to a new connection would be acknowledged without its write.
 *
 * @param credentials what it takes to be let in
 */
export function createConnections(credentials: Pick<RedisOptions, 'username' | 'password' | 'tls'>): Connections {
  const known = new Map<Endpoint, Promise<Redis>>();
  const connect = async (endpoint: Endpoint): Promise<Redis> => {
    const colon = endpoint.lastIndexOf(':');
    const redis = new Redis({
      ...credentials,
      host: endpoint.slice(0, colon),
      port: Number(endpoint.slice(colon + 1)),
      protocol: 2,
      lazyConnect: true,
      connectTimeout: boundMs,
      commandTimeout: boundMs,
      // A connection to a machine that is gone is never closed from there.
      socketTimeout: boundMs,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
    });
    // The command or the opening that fails says so itself.
    redis.on('error', () => undefined);
    redis.once('end', () => known.delete(endpoint));
    await redis.connect();
    return redis;
  };
  return {
    open(endpoint) {
      const open = known.get(endpoint) ?? connect(endpoint);
      known.set(endpoint, open);
      open.catch(() => known.delete(endpoint));
      return open;
    },
    close() {
      for (const open of known.values()) open.then((redis) => redis.disconnect()).catch(() => undefined);
      known.clear();
    },
  };
}
