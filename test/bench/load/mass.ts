import { Cluster, type ClusterNode, type RedisOptions } from 'ioredis';

/** Keys that are written or read in one go. */
const portion = 5000;

/** Keys that are there in great number and never change. */
export interface Mass {
  readonly fill: (keys: number) => Promise<void>;
  /** Reads all of them. @returns how many are lost that were not when it was asked last */
  readonly countLost: () => Promise<number>;
  readonly end: () => void;
}

/** None yet. `bytes` is what each has as its value. */
export function createMass(seeds: readonly ClusterNode[], credentials: RedisOptions, bytes = 64): Mass {
  const value = '.'.repeat(bytes);
  // Not in pipelines: a command in one follows no redirect, and slots have moved since.
  const client = new Cluster([...seeds], { redisOptions: credentials, lazyConnect: true });
  // The command that fails says so itself.
  client.on('error', () => undefined);
  const missing = new Set<number>();
  let filled = 0;
  const inPortions = async (keys: number, use: (key: number) => Promise<void>): Promise<void> => {
    for (let first = 0; first < keys; first += portion) {
      await Promise.all(Array.from({ length: Math.min(portion, keys - first) }, (_, index) => use(first + index)));
    }
  };
  const write = async (key: number): Promise<void> => {
    await client.set(nameOf(key), value);
  };
  const read = async (key: number): Promise<void> => {
    if ((await client.get(nameOf(key))) !== value) missing.add(key);
  };
  return {
    fill: async (keys) => {
      await inPortions(keys, write);
      filled = keys;
    },
    countLost: async () => {
      const before = missing.size;
      await inPortions(filled, read);
      return missing.size - before;
    },
    end: () => client.disconnect(),
  };
}

const nameOf = (key: number): string => `mass:${key}`;
