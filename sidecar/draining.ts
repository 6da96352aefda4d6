import type { DrainStatus } from './drain';
import type { Progress } from './view-slots';
import { formatBytes } from './status/table';

/** What the agents of a database have published, as far as it is about shards that leave. */
export interface DrainReport {
  readonly drain?: DrainStatus;
  readonly moving?: Progress;
  /** Why the agents do nothing, where they are paused. */
  readonly paused?: string;
  /** Another one with each time they publish. */
  readonly updated: string;
}

/** How long a drain is waited for. Milliseconds. */
export interface Patience {
  /** Without a word of the agents: several times what a new coordinator takes to be elected and to look. */
  readonly answerMs: number;
  /** While they say why nothing moves. */
  readonly stuckMs: number;
  /** Without one slot less. */
  readonly slotMs: number;
}

/** What is remembered of a drain from look to look. Times are those of the clock of who waits. */
export interface Draining {
  readonly by: string;
  /** When the agents said last that they know who asks; until then, when they were asked. */
  readonly heardAt: number;
  readonly answered: boolean;
  /** {@link DrainReport.updated} of what was looked at last. */
  readonly updated: string;
  /** Fewest slots that were left, and since when. */
  readonly least: number;
  readonly leastAt: number;
  /** Since when nothing moves. */
  readonly stillSince?: number;
}

/** A drain that somebody has just asked for. */
export const askedAt = (by: string, now: number): Draining => ({
  by,
  heardAt: now,
  answered: false,
  updated: '',
  least: Infinity,
  leastAt: now,
});

/** Takes in what is published now. What was published for somebody else says nothing of this drain. */
export function follow(draining: Draining, report: DrainReport | undefined, now: number): Draining {
  const { drain, updated = '' } = report ?? {};
  if (drain?.by !== draining.by) return draining;
  const { stillSince = now, ...before } = draining;
  return {
    ...before,
    answered: true,
    updated,
    ...(updated === draining.updated ? {} : { heardAt: now }),
    ...(drain.slots < draining.least ? { least: drain.slots, leastAt: now } : {}),
    ...(drain.why === undefined ? {} : { stillSince }),
  };
}

/** Whether every slot is with the shards that stay. */
export const isDone = ({ by }: Draining, report: DrainReport | undefined): boolean =>
  report?.drain?.by === by && report.drain.done;

/** Why waiting on is of no use, in words that go after the name of the database; undefined while it is. */
export function whyGiveUp(
  { by, answered, heardAt, leastAt, least, stillSince }: Draining,
  report: DrainReport | undefined,
  patience: Patience,
  now: number,
): string | undefined {
  const { drain, paused } = report ?? {};
  const own = drain?.by === by;
  if (own && paused !== undefined) return `is paused (${paused}): nothing is drained until it goes on`;
  if (now - heardAt > patience.answerMs) {
    const silence = `for ${Math.round((now - heardAt) / 1000)} s`;
    if (answered) return `has said nothing of the drain ${silence}: no agent acts for it`;
    return `has not answered ${silence}: no agent acts for it, or its agents are older than this and have to be renewed in a sync of its own`;
  }
  const reason = own && drain.why !== undefined ? `: ${drain.why}` : '';
  if (stillSince !== undefined && now - stillSince > patience.stuckMs) return `does not get on${reason}`;
  if (now - leastAt <= patience.slotMs) return undefined;
  return `has ${least} slots left, and none less for ${Math.round((now - leastAt) / 1000)} s${reason}`;
}

/** `1024 slots to go with 18 MiB, 3 s left`, or why nothing moves. */
export function describeProgress({ drain, moving }: DrainReport): string {
  if (!drain) return 'no agent has said anything yet';
  const slots = `${drain.slots} slots to go`;
  if (drain.why !== undefined) return `${slots}; ${drain.why}`;
  if (!moving) return slots;
  const time = moving.secondsLeft === undefined ? '' : `, ${moving.secondsLeft} s left`;
  return `${slots} with ${formatBytes(moving.left.bytes)}${time}`;
}
