import type { SavedTable } from '../engine/table';

/** A node's volume. Writes are known by number; a log holds what was done with them, see {@link contents}. */
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
  /** Its node's shard has given everything away: should it come back, it starts empty. */
  drained: boolean;
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
  drained: false,
  persistent,
});

/** What a log holds in the end, as far as it has been read. */
const read = new WeakMap<readonly number[], { length: number; readonly writes: Set<number> }>();

/** The writes that are there after a whole log: each number adds one, and each negative number takes one away again. */
export function contents(log: readonly number[]): ReadonlySet<number> {
  const known = read.get(log) ?? { length: 0, writes: new Set<number>() };
  read.set(log, known);
  for (; known.length < log.length; known.length++) {
    const entry = log[known.length]!;
    if (entry >= 0) known.writes.add(entry);
    else known.writes.delete(-entry - 1);
  }
  return known.writes;
}

/** How a log says that a write is there no more. */
export const removalOf = (write: number): number => -write - 1;

/** Whether a log holds a write. */
export const holds = (log: readonly number[], write: number): boolean => contents(log).has(write);
