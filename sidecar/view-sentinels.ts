/** What the agent knows of Sentinels, as plain data. */

import type { AccountsView, Address, DatabaseView, Place } from './view';

/** Somebody whom a Sentinel lists. */
export interface Listed {
  readonly at: Place;
  /** It has not answered that Sentinel for `down-after-milliseconds`, or there is no link. */
  readonly down: boolean;
}

/** What a Sentinel says of the database's primary. */
export interface WatchView {
  /** Where the primary is. */
  readonly at: Place;
  /** Its `config-epoch`: of two Sentinels the one with the higher is right. */
  readonly epoch: number;
  /** A failover is under way that it leads. */
  readonly changing: boolean;
  /** Whom it has chosen in that failover to be primary; absent before that, and outside of one. */
  readonly chosen?: Place;
  /** The primary does not answer it. */
  readonly lost: boolean;
  readonly quorum: number;
  readonly downAfterMs: number;
  readonly failoverTimeoutMs: number;
  readonly parallelSyncs: number;
  readonly replicas: readonly Listed[];
  /** Other Sentinels, with their ids. */
  readonly sentinels: readonly (Listed & { readonly id: string })[];
}

/** One Sentinel as an agent sees it. */
export interface SentinelView {
  readonly name: string;
  /** What it calls itself, and is called by others. */
  readonly id: string;
  /** Where it is for the agents; absent where its name resolves to nothing. */
  readonly address?: Address;
  /** Where everybody else is told that it is. */
  readonly announced?: Address;
  readonly state: 'up' | 'absent' | 'unreachable';
  /** Why it does not answer; '' where it does. */
  readonly reason: string;
  /** Absent where it watches nobody. */
  readonly watch?: WatchView;
}

/** What an agent sees of the Sentinel in its own pod, and of the database. */
export interface OwnSentinelView {
  readonly name: string;
  readonly own: SentinelView;
  readonly accounts: AccountsView;
  /** Id of the newest start of the Sentinel's container; absent before the first. */
  readonly start?: string;
  /** That start has its permit, and its Sentinel has not answered yet. */
  readonly permitted: boolean;
  readonly stopping: boolean;
  /** Milliseconds since {@link stopping} was first seen; 0 before. */
  readonly stoppingMs: number;
  readonly released: boolean;
  /** Milliseconds for which somebody has been listed by the own Sentinel who is not of this database; 0 where nobody is. */
  readonly ghostsMs: number;
  /** Milliseconds for which the own Sentinel has named another primary than the record; 0 where it does not. */
  readonly strayMs: number;
  readonly paused: boolean;
  readonly database: DatabaseView;
}
