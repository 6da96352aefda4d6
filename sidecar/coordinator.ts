import type { Clock, LeaseRecord, Log, Platform } from './edges';
import { untilBeat } from './pace';

/** What the election stands on. */
export interface CoordinatorOptions {
  readonly platform: Pick<Platform, 'readLease' | 'takeLease'>;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Who takes the lease. Two processes that can live at the same time must never share it; a process that starts where
   * another of the same name is certainly dead may, and then takes over at once.
   */
  readonly holder: string;
  /** Told of every look at the lease. */
  readonly seen?: (lease: LeaseRecord) => void;
  /** {@link electionTiming} unless told. */
  readonly timing?: ElectionTiming;
}

/** All in milliseconds. `renewMs` < `durationMs` - `marginMs`, or no leader would ever last. */
export interface ElectionTiming {
  /** How long a lease holds after its last renewal was seen. */
  readonly durationMs: number;
  /** Pace of the looks at it. */
  readonly renewMs: number;
  /** How long before its lease runs out a leader stops: room for what it has begun, and for clocks that differ in speed. */
  readonly marginMs: number;
  /** Pause before a leader tries again after a renewal that failed. */
  readonly retryMs: number;
}

/** A lease lasts as long as in Kubernetes' own components: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection */
export const electionTiming: ElectionTiming = { durationMs: 15_000, renewMs: 6_000, marginMs: 5_000, retryMs: 1_000 };

/** One agent's part in the election of the database's coordinator. */
export interface Coordinator {
  /** Whether this agent acts for the whole database now. Asked right before each thing done in that role. */
  readonly leading: () => boolean;
  /** Calls back each time this agent begins to lead. */
  readonly onLeading: (listener: () => void) => void;
  /** Looks at the lease once, and takes or renews it. Never rejects. @returns how long to wait before the next, in milliseconds */
  step(): Promise<number>;
  /**
   * Steps until the signal is aborted, then gives the lease up; another agent may lead at once. So the signal is for the
   * moment when nothing that was done in that role is still on its way. Never rejects.
   */
  run(signal: AbortSignal): Promise<void>;
}

/** A lease as last seen, and since when it has looked like this. */
export interface Sighting {
  readonly lease: LeaseRecord;
  /** Own clock, after the lease was read. */
  readonly since: number;
}

/**
 * Milliseconds until the lease may be taken; 0 where it may be taken now. Only the own clock counts, and only changes of
 * the record that this agent saw itself: the times written in it were told by another machine's clock.
 */
export function takeableIn({ lease, since }: Sighting, holder: string, now: number): number {
  if (lease.holder === '' || lease.holder === holder) return 0;
  return Math.max(0, since + lease.durationMs - now);
}

/**
 * The election, by compare-and-swap on one lease record.
 *
 * Never two at once: a leader counts from before it asked for its renewal, all others from after they saw it, and it
 * stops `marginMs` before the first of them may start.
 */
export function createCoordinator(options: CoordinatorOptions): Coordinator {
  const { platform, clock, holder, timing = electionTiming } = options;
  const say = sayChanges(options.log);
  let sighting: Sighting | undefined;
  let leadingUntil = -Infinity;
  const listeners: (() => void)[] = [];

  const leading = (): boolean => clock.now() < leadingUntil;

  async function look(): Promise<Sighting> {
    const lease = await platform.readLease();
    options.seen?.(lease);
    const same = sighting?.lease.renewal === lease.renewal && sighting.lease.holder === lease.holder;
    return (sighting = { lease, since: same ? sighting!.since : clock.now() });
  }

  async function attempt(): Promise<number> {
    const seen = await look();
    const waitMs = takeableIn(seen, holder, clock.now());
    if (waitMs > 0) {
      leadingUntil = -Infinity;
      say('info', `the coordinator is ${seen.lease.holder}`);
      return Math.min(untilBeat(timing.renewMs, clock.now()), waitMs);
    }
    const asked = clock.now();
    if (!(await platform.takeLease(holder, timing.durationMs, seen.lease.version))) return timing.retryMs;
    const led = leading();
    leadingUntil = asked + timing.durationMs - timing.marginMs;
    if (!led) listeners.forEach((listener) => listener());
    say('info', 'the coordinator is this agent');
    return untilBeat(timing.renewMs, clock.now());
  }

  async function step(): Promise<number> {
    try {
      return await attempt();
    } catch (error) {
      if (leading()) return timing.retryMs;
      say('warn', 'the coordinator is unknown: the lease cannot be read or renewed', { error });
      return timing.renewMs;
    }
  }

  return {
    leading,
    onLeading: (listener) => void listeners.push(listener),
    step,
    async run(signal) {
      while (!signal.aborted) await clock.sleep(await step(), signal);
      leadingUntil = -Infinity;
      await release(options);
    },
  };
}

/** So that the next one need not wait for the lease to run out. */
async function release({ platform, log, holder, timing = electionTiming }: CoordinatorOptions): Promise<void> {
  try {
    const lease = await platform.readLease();
    if (lease.holder === holder) await platform.takeLease('', timing.retryMs, lease.version);
  } catch (error) {
    log.debug({ error }, 'cannot give the lease up: it runs out by itself');
  }
}

/** A sentence once until another is said: the election goes round for ever. */
function sayChanges(log: Log) {
  let last = '';
  return (level: 'info' | 'warn', sentence: string, facts: object = {}): void => {
    if (sentence === last) return;
    last = sentence;
    log[level](facts, sentence);
  };
}
