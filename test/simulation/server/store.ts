import type { SavedTable } from '../engine/table';

/** A node's volume. Writes are known by number, and a log holds them in the order they were made, so always sorted. */
export interface Store {
  /** `nodes.conf`, as of the last time the server stopped. */
  table: SavedTable | undefined;
  /** When that was. */
  stoppedAt: number;
  log: readonly number[];
  /** So many writes of the log survive a power failure: the file is synced once a second. */
  synced: number;
  /** The server makes its append-only file when it first starts, also without a write. */
  hasFile: boolean;
  /** Whether the data outlives the server at all. */
  readonly persistent: boolean;
}

/** An empty volume. */
export const createStore = (persistent: boolean): Store => ({
  table: undefined,
  stoppedAt: 0,
  log: [],
  synced: 0,
  hasFile: false,
  persistent,
});

/** Whether a sorted log holds a write. */
export function holds(log: readonly number[], write: number): boolean {
  let low = 0;
  let high = log.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (log[middle] === write) return true;
    if (log[middle]! < write) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
