/** What moves slots, as interfaces. */
import type { NodeConfig } from '../lib/contract/agent-config';
import type { Address, SlotRange } from './view';
import type { SlotAccount } from './view-slots';

/** What a server is told of a slot: who has it, or that it is on its way. */
export type SlotMark =
  { readonly importing: string } | { readonly migrating: string } | { readonly owner: string } | 'stable';

/** Keys of one slot that go in one command, as their server gave them; nothing but a server reads them. */
export interface Parcel {
  readonly keys: number;
  readonly bytes: number;
  readonly words: Buffer;
}

/** What a slot holds. */
export interface SlotContents {
  readonly slot: number;
  /** As many as were weighed. */
  readonly keys: number;
  /** '' and 0 where there are none. */
  readonly largest: { readonly key: string; readonly bytes: number };
  /** The first of them. */
  readonly parcels: readonly Parcel[];
}

/** How many keys of a slot are weighed at the most: all that matter, or only as many as are sent next. */
export type Depth = 'all' | 'next';

/** One server as whoever moves slots needs it. Every call is bounded in time and rejects when the bound is passed, or with what the server says. */
export interface SlotServer {
  account(): Promise<SlotAccount>;
  /** `CLUSTER SETSLOT` of each slot. */
  mark(slots: readonly number[], mark: SlotMark): Promise<void>;
  /**
   * What is in slots: of the first at least, and of so many of the others, in order, as the server can weigh without being busy for long.
   * Of a slot with very many keys ten thousand are weighed, and a thousand are in parcels.
   */
  contents(slots: readonly number[], depth: Depth): Promise<SlotContents[]>;
  /** `MIGRATE`: one command for each. Resolves when the target has them and this server no more. */
  send(parcels: readonly Parcel[], to: Address): Promise<void>;
  /** `CLUSTER MIGRATESLOTS`: resolves when the server has taken it on and its target has let it in, or has not. */
  migrate(slots: readonly SlotRange[], toId: string): Promise<void>;
  /** `CONFIG SET masteruser`: as a replica it would sign in as one of its own shard again. */
  signBackIn(): Promise<void>;
  cancelMigrations(): Promise<void>;
}

/** Connections for moving slots, apart from those that look: a server that sends keys answers nobody meanwhile. */
export interface SlotServers {
  of(node: NodeConfig, at: Address): SlotServer;
  close(): void;
}
