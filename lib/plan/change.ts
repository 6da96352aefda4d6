/**
 * What a change does to a running database, from harmless to impossible. The worst effect of its changes is a
 * database's own.
 *
 * - `nothing`: nothing differs.
 * - `create`: it is made; nothing of that name runs yet.
 * - `live`: objects and settings change, no server restarts and no data moves.
 * - `restart`: pods are replaced, one after the other.
 * - `move`: data is copied between pods, or hash slots change their shard.
 * - `volumes`: volumes grow.
 * - `remove`: something that clients may use goes away.
 * - `recreate`: an object has to be deleted before the new one can be applied.
 * - `refused`: the change cannot be applied, or data would be lost.
 */
export const effects = [
  'nothing',
  'create',
  'live',
  'restart',
  'move',
  'volumes',
  'remove',
  'recreate',
  'refused',
] as const;

/** See {@link effects}. */
export type Effect = (typeof effects)[number];

/** One thing that applying the new manifests does. */
export interface Change {
  readonly effect: Exclude<Effect, 'nothing'>;
  /** What happens. */
  readonly what: string;
  /** The fields that differ and bring it about. */
  readonly because?: readonly string[];
  /** What follows from it, what to know before, what to do instead. */
  readonly notes: readonly string[];
  /** The order in which pods are replaced: one shard after the other, and in a shard one pod after the other. */
  readonly restarts?: readonly PodOrder[];
  /** Directives that a running server is given by `CONFIG SET`. */
  readonly directives?: readonly DirectiveChange[];
  /** An estimate: slots are counted as evenly spread, and the agents plan from where they find them. */
  readonly moves?: readonly SlotMove[];
  /** Objects that this is about, as `KIND NAME`. */
  readonly objects?: readonly string[];
}

/** The pods of one shard, or of another StatefulSet, in the order of their replacement. */
export interface PodOrder {
  readonly set: string;
  readonly pods: readonly string[];
}

/** One directive of the servers' configuration file; undefined where a side does not set it. */
export interface DirectiveChange {
  readonly name: string;
  readonly old?: string;
  readonly new?: string;
}

/** Hash slots that go from one shard to another. */
export interface SlotMove {
  readonly from: string;
  readonly to: string;
  readonly slots: number;
}

/** What applying the new manifests does to one database. */
export interface DatabasePlan {
  readonly namespace: string;
  readonly name: string;
  readonly effect: Effect;
  readonly changes: readonly Change[];
}

/** What applying the new manifests does, database by database. */
export interface Plan {
  readonly effect: Effect;
  readonly databases: readonly DatabasePlan[];
}

/** The worst of several effects. */
export const worst = (all: readonly Effect[]): Effect =>
  effects[Math.max(0, ...all.map((effect) => effects.indexOf(effect)))]!;
