import { setTimeout as delay } from 'node:timers/promises';

import Redis, { type RedisOptions } from 'ioredis';

import type { Place } from './formed';

/** Pause between two attempts. Milliseconds. */
const pauseMs = 1;

/**
 * Writes to one server over and over, from before it may take writes.
 *
 * @returns milliseconds since `began` when it accepts the first
 * @throws Error where it accepts none within the bound
 */
export async function untilAccepted(
  { ip, client: port }: Place,
  credentials: RedisOptions,
  key: string,
  boundMs: number,
): Promise<number> {
  const began = performance.now();
  const redis = new Redis({ ...credentials, host: ip, port, maxRetriesPerRequest: 0, enableReadyCheck: false });
  redis.on('error', () => undefined);
  try {
    for (;;) {
      const reply = await redis.set(key, '1').catch((error: unknown) => (error as Error).message);
      const tookMs = performance.now() - began;
      if (reply === 'OK') return tookMs;
      if (tookMs > boundMs) throw new Error(`${ip}:${port} accepts no write within ${boundMs} ms: ${reply}`);
      await delay(pauseMs);
    }
  } finally {
    redis.disconnect();
  }
}
