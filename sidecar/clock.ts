import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from './edges';

/** The machine's own monotonic time: setting the wall clock does not move it. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};
