import type { Clock } from './edges';

/** A loop that can be told not to sleep any longer. */
export interface Loop {
  /** Runs until the signal is aborted. Never rejects. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Starts the next pass at once, or right after the present one. */
  readonly wake: () => void;
}

/**
 * Repeats a pass for ever.
 *
 * @param pass does one round and says how many milliseconds to sleep before the next; a rejection is told to `failed`
 */
export function createLoop(clock: Clock, pass: () => Promise<number>, failed: (error: unknown) => number): Loop {
  let woken = new AbortController();
  const wake = () => woken.abort();
  return {
    async run(signal) {
      // One listener for ever: AbortSignal.any would add one a pass to a signal that outlives them all.
      signal.addEventListener('abort', wake, { once: true });
      while (!signal.aborted) {
        woken = new AbortController();
        const pauseMs = await pass().catch(failed);
        await clock.sleep(pauseMs, woken.signal);
      }
    },
    wake,
  };
}
