import type { Clock } from './edges';
import type { PrimaryRecord } from './view';

/** What an agent knows of the record, and what that proves. All times are of the own clock. */
export interface Claim {
  readonly record: () => PrimaryRecord | undefined;
  /** Milliseconds since the epoch of the record was first known. */
  readonly knownMs: () => number;
  /**
   * Takes in a record, unless a newer one is known.
   *
   * @param certain nobody but this agent can have changed it since: it wrote or read it
   * @returns whether its epoch is news
   */
  readonly adopt: (record: PrimaryRecord, certain: boolean) => boolean;
  /** The record that is known was asked for then, and read. */
  readonly noteRead: (asked: number) => void;
  /** That node's agent was asked then, and knew no newer epoch. */
  readonly acknowledge: (node: string, asked: number) => void;
  /** A change is sent: it may arrive, whatever becomes of the answer. */
  readonly send: (next: PrimaryRecord) => void;
  /** What was sent has arrived or never will. */
  readonly settle: () => void;
  /** Something was sent, and nobody knows whether it arrived. */
  readonly isUnclear: () => boolean;
  /** When the record was last asked for and read; before all time where never. */
  readonly readAt: () => number;
  /** The last moment at which nobody else could have become primary; before all time where another may be. */
  readonly soleAt: () => number;
}

interface Known {
  readonly record: PrimaryRecord;
  readonly since: number;
  readonly certain: boolean;
}

/**
 * The own node's claim to be primary.
 *
 * At the moment when the record is asked for and names this node, nobody else is. Neither is at the earliest of the moments at which each of
 * those who alone may succeed it was asked and knew no newer epoch: for who is appointed acknowledges the old epoch no more.
 *
 * @param self name of the own node
 */
export function createClaim(self: string, clock: Pick<Clock, 'now'>): Claim {
  const acknowledged = new Map<string, number>();
  let known: Known | undefined;
  let readAt = -Infinity;
  /** Names in lists that were sent, and of which nobody knows whether they arrived. */
  let perhaps: readonly string[] = [];
  /** The office was given away, and nobody knows whether that arrived. */
  let perhapsGiven = false;

  const settle = (): void => void ([perhaps, perhapsGiven] = [[], false]);

  function adopt(record: PrimaryRecord, given: boolean): boolean {
    if (known && record.epoch < known.record.epoch) return false;
    const isNews = record.epoch !== known?.record.epoch;
    // Of its own office it knows everything from the appointment on.
    const certain = given || known?.certain === true ? given || !isNews || record.primary === self : false;
    known = { record, since: isNews ? clock.now() : known!.since, certain };
    if (!isNews) return false;
    acknowledged.clear();
    settle();
    readAt = -Infinity;
    return true;
  }

  function soleAt(): number {
    if (known?.record.primary !== self || perhapsGiven) return -Infinity;
    const successors = [...known.record.inSync, ...perhaps];
    const times = successors.map((name) => acknowledged.get(name) ?? -Infinity);
    return Math.max(readAt, known.certain ? Math.min(clock.now(), ...times) : -Infinity);
  }

  return {
    record: () => known?.record,
    knownMs: () => (known ? clock.now() - known.since : 0),
    adopt,
    noteRead: (asked) => void (readAt = asked),
    acknowledge: (node, asked) => void acknowledged.set(node, asked),
    send(next) {
      if (next.primary === self) perhaps = [...new Set([...perhaps, ...next.inSync])];
      else if (known?.record.primary === self) perhapsGiven = true;
    },
    settle,
    isUnclear: () => perhapsGiven || perhaps.length > 0,
    readAt: () => readAt,
    soleAt,
  };
}
