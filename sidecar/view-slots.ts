import type { DatabaseView, SlotRange } from './view';

/** A slot migration that the engine does by itself, as its source tells it: `CLUSTER GETSLOTMIGRATIONS`. */
export interface SlotMigration {
  readonly toId: string;
  readonly slots: readonly SlotRange[];
  readonly state: 'running' | 'done' | 'failed';
  /** Why it failed, as the engine says; '' where it has not. */
  readonly reason: string;
  /** Milliseconds since its last news, by the clock of its server. */
  readonly quietMs: number;
}

/** What a server that owns slots says of them. */
export interface SlotAccount {
  readonly keys: number;
  /** Oldest first. Empty where the engine has no such thing. */
  readonly migrations: readonly SlotMigration[];
}

/** Something that stands in the way of a slot, found when it was to be moved. */
export interface LargeKey {
  readonly slot: number;
  readonly node: string;
  readonly key: string;
  readonly bytes: number;
}

/** Slots on their way, with what is in them. */
export interface Amount {
  readonly slots: number;
  /** As if the keys of a server were spread evenly over its slots. */
  readonly keys: number;
  readonly bytes: number;
}

/** How far the slots have come that move now. */
export interface Progress {
  readonly left: Amount;
  /** Since this agent began to move them. */
  readonly moved: Amount;
  readonly slotsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Absent until something has moved. */
  readonly secondsLeft?: number;
}

/** What is seen of the database by whoever moves its slots. */
export interface SlotsView {
  readonly database: DatabaseView;
  /** By node name. Looked at only while there are slots to move. */
  readonly accounts: Readonly<Record<string, SlotAccount>>;
  /** Found in the last minutes. */
  readonly largeKeys: readonly LargeKey[];
}
