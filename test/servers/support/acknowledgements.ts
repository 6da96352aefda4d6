import { setTimeout as delay } from 'node:timers/promises';

import Redis from 'ioredis';

import { credentialsOf } from '../../../sidecar/local/client';
import type { TestDatabase } from './database';

/** Pause between two writes to a node. Milliseconds. */
const pauseMs = 3;

/** Longest that a client waits for an answer. Milliseconds. */
const boundMs = 500;

/** Who has taken writes, and when. */
export interface Acknowledgements {
  /** Each node that has acknowledged a write, in the order of time, and once for as long as no other did. */
  readonly nodes: () => readonly string[];
  /** Longest time without a write that anybody acknowledged. Milliseconds. */
  readonly longestSilenceMs: () => number;
  readonly stop: () => Promise<void>;
}

/** Writes to every node by itself, over and over: at no time may two take writes, whatever they call themselves. */
export function watchAcknowledgements(database: TestDatabase): Acknowledgements {
  const nodes: string[] = [];
  let [lastAt, longestMs, stopped, count] = [performance.now(), 0, false, 0];

  async function knock(node: string): Promise<void> {
    let client: Redis | undefined;
    while (!stopped && !database.ended.aborted) {
      try {
        client ??= await connect(database, node);
        await client.set(`acknowledged:${node}`, `${count++}`);
        const now = performance.now();
        longestMs = Math.max(longestMs, now - lastAt);
        lastAt = now;
        if (nodes.at(-1) !== node) nodes.push(node);
      } catch {
        if (client?.status !== 'ready') {
          client?.disconnect();
          client = undefined;
        }
      }
      await delay(pauseMs);
    }
    client?.disconnect();
  }

  const all = Promise.all(database.local.plan.pods.map(({ name }) => knock(name)));
  return {
    nodes: () => nodes,
    longestSilenceMs: () => Math.max(longestMs, performance.now() - lastAt),
    async stop() {
      stopped = true;
      await all;
    },
  };
}

/** One that waits no longer for an answer than a client would, and gives the connection up with it. */
async function connect({ local }: TestDatabase, node: string): Promise<Redis> {
  const { ip, client } = local.pod(node).address;
  const redis = new Redis({
    ...credentialsOf(local),
    host: ip,
    port: client,
    protocol: 2,
    lazyConnect: true,
    connectTimeout: boundMs,
    commandTimeout: boundMs,
    socketTimeout: boundMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableReadyCheck: false,
  });
  redis.on('error', () => undefined);
  await redis.connect();
  return redis;
}
