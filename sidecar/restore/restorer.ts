import type { Clock, Log } from '../edges';
import { createLoop, type Loop } from '../loop';
import type { RestoreProgress, RestoreView } from '../view-restore';

/** What is to be brought to the own volume. */
export interface RestoreOrder {
  /** Its name; `latest` for the newest that is whole. */
  readonly backup: string;
  /** Which of its parts, from 0. */
  readonly shard: number;
}

/** Brings it. Rejects with what is wrong. */
export type Bring = (
  order: RestoreOrder,
  note: (progress: RestoreProgress) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Brings data beside the cycles of an agent: it may take hours. */
export interface Restorer {
  /** Begins, in place of anything else that is being brought. */
  readonly begin: (order: RestoreOrder) => void;
  /** undefined while there is nothing to bring. */
  readonly view: () => RestoreView | undefined;
  readonly run: Loop['run'];
}

/** Pause before the next attempt: doubled each time, up to the longest, which is also that between two looks for an order. Milliseconds. */
const [firstPauseMs, longestPauseMs] = [1000, 60_000];

/**
 * Tries until it succeeds.
 *
 * @param ended called when the data is there
 */
export function createRestorer(bring: Bring, clock: Clock, log: Log, ended: () => void): Restorer {
  let order: RestoreOrder | undefined;
  let view: RestoreView | undefined;
  let pauseMs = firstPauseMs;
  let attempt = new AbortController();
  let stopped = false;

  async function pass(): Promise<number> {
    const current = order;
    if (!current || stopped) return longestPauseMs;
    attempt = new AbortController();
    const began = clock.now();
    await bring(current, (progress) => (view = { ...progress, asked: current.backup }), attempt.signal);
    log.info({ ...view, ms: Math.round(clock.now() - began) }, `backup ${view?.backup ?? ''} is on the volume`);
    order = undefined;
    view = undefined;
    ended();
    return longestPauseMs;
  }

  function failed(error: unknown): number {
    if (attempt.signal.aborted) return 0;
    const problem = (error as Error).message;
    log.warn({ backup: order?.backup }, `the backup cannot be brought: ${problem}`);
    view = { asked: order?.backup ?? '', problem };
    const thisMs = pauseMs;
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    return thisMs;
  }

  const loop = createLoop(clock, pass, failed);
  return {
    begin(wanted) {
      order = wanted;
      view = { asked: wanted.backup };
      pauseMs = firstPauseMs;
      attempt.abort();
      loop.wake();
    },
    view: () => view,
    run(signal) {
      const stop = (): void => {
        stopped = true;
        attempt.abort();
      };
      signal.addEventListener('abort', stop, { once: true });
      return loop.run(signal);
    },
  };
}
