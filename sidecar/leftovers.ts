import type { DiskView, OwnView, ServerView } from './view';

/** Knows what a server came back with that is no longer its own. */
export interface Leftovers {
  /** The server is about to start on this volume. */
  readonly expect: (disk: DiskView) => void;
  /** What is left of it, as the server says now. */
  readonly look: (server: ServerView, now: number) => Pick<OwnView, 'leftovers'>;
}

/**
 * A source that loses power can come back with keys that it had given away: its data is synced later than its table. Redis then marks their
 * slots as being imported from who owns them, Valkey deletes the keys. Such a mark looks like one of a slot half-way, and moving that on
 * would bring back what was deleted since. But a slot that was half-way when the server stopped is marked on its volume already.
 *
 * Source: verifyClusterConfigWithData in https://github.com/redis/redis/blob/unstable/src/cluster_legacy.c
 */
export function createLeftovers(): Leftovers {
  let before: readonly number[] | undefined;
  let found: { readonly slots: readonly number[]; readonly since: number } | undefined;
  return {
    expect({ cluster }) {
      before = importsIn(cluster?.openSlots ?? []);
    },
    look(server, now) {
      if (server.state !== 'up') found = undefined;
      if (server.state !== 'up' || !server.cluster) return {};
      const self = server.cluster.table.find(({ myself }) => myself);
      const imports = self?.role === 'primary' ? importsIn(self.openSlots) : [];
      if (before) found = { slots: imports.filter((slot) => !before?.includes(slot)), since: now };
      else if (found) found = { ...found, slots: found.slots.filter((slot) => imports.includes(slot)) };
      before = undefined;
      if (!found || found.slots.length === 0) return {};
      return { leftovers: { slots: found.slots, seenMs: now - found.since } };
    },
  };
}

/** Slots that are half-way to the server, from its marks. */
const importsIn = (marks: readonly string[]): number[] =>
  marks.filter((mark) => mark.includes('<-')).map((mark) => Number.parseInt(mark, 10));
