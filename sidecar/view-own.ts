import type { RestoreView } from './view-restore';
import type { Address, DatabaseView, DiskView, PrimaryRecord, Role, ServerView, SourceView } from './view';

/** Whether the own server lets in whom it should, from the files that are mounted now; `unclear` where these are not in order. */
export type AccountsView =
  { readonly state: 'current' | 'changed' } | { readonly state: 'unclear'; readonly reason: string };

/** A module that the own server has loaded. */
export interface LoadedModule {
  readonly name: string;
  /** Absent where the engine does not say it. */
  readonly path?: string;
}

/** What the own server does not have of its mounted configuration file. */
export interface DirectivesView {
  /** Names of directives that it is to be told. */
  readonly live: readonly string[];
  /** Names of those that it gets by a start. */
  readonly atStart: readonly string[];
  /** What it has refused and why, or why nothing can be said. */
  readonly problems: readonly string[];
}

/** What an agent sees of its own node, in its own pod. */
export interface OwnView {
  readonly name: string;
  readonly shard: string;
  readonly server: ServerView;
  readonly disk: DiskView;
  readonly accounts: AccountsView;
  readonly directives: DirectivesView;
  /** Id of the newest start of the server's container; absent before the first. */
  readonly start?: string;
  /** That start has its permit, and its server has not answered yet. */
  readonly permitted: boolean;
  /** Milliseconds since the server was first seen not to answer, by this agent; 0 while it answers. */
  readonly heldMs: number;
  /** The pod is ending: the preStop hook of the server waits for the agent's word. */
  readonly stopping: boolean;
  /** Milliseconds since {@link stopping} was first seen; 0 before. */
  readonly stoppingMs: number;
  /**
   * Milliseconds for which no other shard of the configuration has had a node that answers and does not end; absent where one has, and
   * while this pod does not end.
   */
  readonly forsakenMs?: number;
  /** The agents' account has been deleted: so has the database. */
  readonly disowned: boolean;
  /** The other agents have been told that this pod is ending, or the node fenced. */
  readonly told: boolean;
  /** Why nothing is to be done, where the agents are paused. */
  readonly paused?: string;
  /** To whom a person asked this agent a moment ago to hand over the office that it has under that epoch. */
  readonly wished?: { readonly to: string; readonly epoch: number };
  /** Why the node is to serve nobody, where it is fenced. */
  readonly fenced?: string;
  /** Milliseconds since its server was first seen to run although it is fenced; 0 else. */
  readonly fencingMs: number;
  /** The agent has given its word that the pod may end. */
  readonly released: boolean;
  /** In `multi-master`, of the server that runs: it has everything that the others had when it started. */
  readonly joined?: boolean;
  /** In `cluster`: where its server is to say that clients find it, and the port where it listens; absent where that is not known. */
  readonly place?: { readonly host: string; readonly port: number; readonly listens: number };
  /** What a person should know of. */
  readonly warnings?: readonly string[];
  /** Modules of the spec that its server, which runs, has not loaded. */
  readonly missingModules?: readonly string[];
  /** In `multi-master`: where the own server listens. */
  readonly address?: Address;
  /** The role label the pod carries, as far as the agent knows. */
  readonly labelledRole?: Role;
  /** What this agent knows of who is primary; absent where nobody is appointed. */
  readonly primacy?: PrimacyView;
  /** What this agent knows of the primary elsewhere that the spec names; absent where it names none. */
  readonly source?: SourceView;
  /** What this agent brings to the own volume; absent where that is nothing. */
  readonly restoring?: RestoreView;
  /** See {@link AgentReport}, and for how many milliseconds they have been seen. */
  readonly leftovers?: { readonly slots: readonly number[]; readonly seenMs: number };
  /** The rest of the database. Looked at only when something depends on it: the node is held, ends, has leftovers, or its agent may appoint a primary. */
  readonly database?: DatabaseView;
}

/** What an agent knows of who is primary, and for how long that lets its own node take writes. */
export interface PrimacyView {
  /** Absent before it has heard of any. */
  readonly record?: PrimaryRecord;
  /** Milliseconds since it first knew the epoch of the record. */
  readonly knownMs: number;
  /** Milliseconds for which nobody else can have become primary; 0 where that is not proven, or another is. */
  readonly provenMs: number;
  /** The record was read a moment ago, and can be changed. */
  readonly fresh: boolean;
  /** The own server may take writes, as far as this agent has told it. */
  readonly open: boolean;
}
