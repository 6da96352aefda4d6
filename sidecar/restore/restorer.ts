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
  /** Brings nothing any more. Resolves when nothing of it is under way. */
  readonly stop: () => Promise<void>;
  /** undefined while there is nothing to bring. */
  readonly view: () => RestoreView | undefined;
  readonly run: Loop['run'];
}

/** Pause before the next attempt: doubled each time, up to the longest. Milliseconds. */
const [firstPauseMs, longestPauseMs] = [1000, 60_000];

function createPauses() {
  let nextMs = firstPauseMs;
  return {
    reset: () => void (nextMs = firstPauseMs),
    next(): number {
      const pauseMs = nextMs;
      nextMs = Math.min(2 * nextMs, longestPauseMs);
      return pauseMs;
    },
  };
}

/** Until somebody wakes it. Milliseconds. */
const idleMs = 60_000;

/**
 * Tries until it succeeds.
 *
 * @param done called when the data is there
 */
export function createRestorer(bring: Bring, clock: Clock, log: Log, done: () => void): Restorer {
  let order: RestoreOrder | undefined;
  let view: RestoreView | undefined;
  const pauses = createPauses();
  let attempt = new AbortController();
  let underWay = Promise.resolve();

  async function pass(): Promise<number> {
    const current = order;
    if (!current) return idleMs;
    attempt = new AbortController();
    const began = clock.now();
    underWay = bring(current, (progress) => (view = { ...progress, asked: current.backup }), attempt.signal);
    await underWay;
    log.info({ ...view, ms: Math.round(clock.now() - began) }, `backup ${view?.backup ?? ''} is on the volume`);
    if (order !== current) return 0;
    order = undefined;
    view = undefined;
    done();
    return idleMs;
  }

  function failed(error: unknown): number {
    if (attempt.signal.aborted) return 0;
    const problem = (error as Error).message;
    log.warn({ backup: order?.backup }, `the backup cannot be brought: ${problem}`);
    view = { asked: order?.backup ?? '', problem };
    return pauses.next();
  }

  const loop = createLoop(clock, pass, failed);
  return {
    begin(wanted) {
      order = wanted;
      view = { asked: wanted.backup };
      pauses.reset();
      attempt.abort();
      loop.wake();
    },
    async stop() {
      order = undefined;
      view = undefined;
      attempt.abort();
      await underWay.catch(() => undefined);
    },
    view: () => view,
    run(signal) {
      signal.addEventListener('abort', () => attempt.abort(), { once: true });
      return loop.run(signal);
    },
  };
}
