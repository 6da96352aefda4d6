import { setTimeout as delay } from 'node:timers/promises';

import Redis, { type RedisOptions } from 'ioredis';

import type { Place } from './formed';

/** Pause between two attempts. Milliseconds. */
const pauseMs = 1;

/**
 * Writes to one server over and over, from before it may take writes.
 *
 * @param signal gives up
 * @returns milliseconds since `began` when it accepts the first
 * @throws Error where it accepts none within the bound
 */
export async function untilAccepted(
  { ip, client: port }: Place,
  credentials: RedisOptions,
  key: string,
  boundMs: number,
  signal?: AbortSignal,
): Promise<number> {
  const began = performance.now();
  const redis = new Redis({ ...credentials, host: ip, port, maxRetriesPerRequest: 0, enableReadyCheck: false });
  redis.on('error', () => undefined);
  try {
    for (;;) {
      const reply = await redis.set(key, '1').catch((error: unknown) => (error as Error).message);
      const tookMs = performance.now() - began;
      if (reply === 'OK') return tookMs;
      if (tookMs > boundMs || signal?.aborted) throw new Error(`${ip}:${port} accepts no write within ${boundMs} ms: ${reply}`);
      await delay(pauseMs);
    }
  } finally {
    redis.disconnect();
  }
}

/** The first write that any of several servers accepts, as {@link untilAccepted}, and who it is. */
export async function untilAnyAccepts(
  places: readonly Place[],
  credentials: RedisOptions,
  key: string,
  boundMs: number,
): Promise<{ readonly tookMs: number; readonly place: Place }> {
  const found = new AbortController();
  const each = places.map(async (place) => ({
    place,
    tookMs: await untilAccepted(place, credentials, key, boundMs, found.signal),
  }));
  try {
    return await Promise.any(each);
  } finally {
    found.abort();
    await Promise.allSettled(each);
  }
}
