import type { Timeline } from './timeline';

/** Virtual time for code that waits for promises. */
export interface Tempo {
  readonly now: () => number;
  /** Resolves after that long, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Lets that much time pass; ends early where `enough` says so. */
  readonly run: (ms: number, enough?: () => boolean) => Promise<void>;
}

/** Time that stands still while there is anything to do: after each event every promise is followed to its end. */
export function createTempo(timeline: Timeline): Tempo {
  /** Something has been resolved, so that there may be promises to follow. */
  let stirred = false;
  const settle = async (): Promise<void> => {
    stirred = false;
    // Runs after all microtasks, also those that microtasks have queued.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: timeline.now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          stirred = true;
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        const cancel = timeline.after(signal?.aborted ? 0 : ms, end);
        const abort = (): void => {
          cancel();
          end();
        };
        signal?.addEventListener('abort', abort, { once: true });
      }),
    async run(ms, enough = () => false) {
      const until = timeline.now() + ms;
      await settle();
      while (!enough() && timeline.step(until)) if (stirred) await settle();
      if (!enough()) timeline.advance(until - timeline.now());
    },
  };
}
