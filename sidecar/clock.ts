import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from './edges';

/** The machine's own monotonic time: setting the wall clock does not move it. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};

/** No pace of an agent is longer. Milliseconds. */
const spreadMs = 60_000;

/**
 * The clock of a database's agents. They agree on it as well as their machines' clocks agreed when they began, so that what each
 * does now and then is done at one time; and each database has a time of its own, or a thousand would call the API at once.
 */
export function clockOf({ namespace, database }: { readonly namespace: string; readonly database: string }): Clock {
  const aheadMs = createHash('sha256').update(`${namespace}/${database}`).digest().readUInt32BE() % spreadMs;
  return { ...systemClock, now: () => systemClock.now() + aheadMs };
}
