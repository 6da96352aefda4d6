/** What moves slots, as interfaces. */
import type { NodeConfig } from '../lib/contract/agent-config';
import type { Address, SlotRange } from './view';
import type { SlotAccount } from './view-slots';

/** What a server is told of a slot: who has it, or that it is on its way. */
export type SlotMark =
  { readonly importing: string } | { readonly migrating: string } | { readonly owner: string } | 'stable';

/** What a slot holds. */
export interface SlotWeight {
  readonly keys: number;
  readonly bytes: number;
  readonly largest: { readonly key: string; readonly bytes: number };
}

/** One server as whoever moves slots needs it. Every call is bounded in time and rejects when the bound is passed, or with what the server says. */
export interface SlotServer {
  account(): Promise<SlotAccount>;
  /** `CLUSTER SETSLOT` of each slot. */
  mark(slots: readonly number[], mark: SlotMark): Promise<void>;
  /** What is in each slot. Of one with very many keys the first ten thousand are weighed. */
  weigh(slots: readonly number[]): Promise<SlotWeight[]>;
  /** `CLUSTER GETKEYSINSLOT` of each slot, so many at the most. */
  keys(slots: readonly number[], most: number): Promise<Buffer[][]>;
  /** `MIGRATE`: one command for each batch, which is of one slot. Resolves when the target has them and this server no more. */
  send(batches: readonly (readonly Buffer[])[], to: Address): Promise<void>;
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
