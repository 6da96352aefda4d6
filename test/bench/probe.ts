import { setTimeout as delay } from 'node:timers/promises';

import Redis, { type RedisOptions } from 'ioredis';

import type { Place } from './formed';

/** Pause between two attempts. Milliseconds. */
const pauseMs = 1;

/**
 * Writes to one server over and over, from before it may take writes.
 *
 * @param bound milliseconds, or what gives up
 * @returns milliseconds since `began` when it accepts the first
 * @throws Error where it accepts none within the bound
 */
export async function untilAccepted(
  { ip, client: port }: Place,
  credentials: RedisOptions,
  key: string,
  bound: number | AbortSignal,
): Promise<number> {
  const began = performance.now();
  const ended = typeof bound === 'number' ? AbortSignal.timeout(bound) : bound;
  const redis = new Redis({ ...credentials, host: ip, port, maxRetriesPerRequest: 0, enableReadyCheck: false });
  redis.on('error', () => undefined);
  try {
    for (;;) {
      const reply = await redis.set(key, '1').catch((error: unknown) => (error as Error).message);
      const tookMs = performance.now() - began;
      if (reply === 'OK') return tookMs;
      if (ended.aborted) throw new Error(`${ip}:${port} accepts no write within ${tookMs.toFixed(0)} ms: ${reply}`);
      await delay(pauseMs);
    }
  } finally {
    redis.disconnect();
  }
}

/** Which of several servers is the first to accept a write, as {@link untilAccepted}. */
export async function untilAnyAccepts(
  places: readonly Place[],
  credentials: RedisOptions,
  key: string,
  boundMs: number,
): Promise<Place> {
  const found = new AbortController();
  const ended = AbortSignal.any([found.signal, AbortSignal.timeout(boundMs)]);
  const each = places.map(async (place) => {
    await untilAccepted(place, credentials, key, ended);
    return place;
  });
  try {
    return await Promise.any(each);
  } finally {
    found.abort();
    // A server that says nothing keeps its probe waiting for as long as it does so.
    Promise.allSettled(each).catch(() => undefined);
  }
}
