import type { DatabaseView, NodeView, PrimaryRecord, SentinelView, WatchView } from '../../view';
import { isAt, placeOf, running } from '../replication/copies';

/** A Sentinel that answers and watches somebody. */
export interface Watcher extends SentinelView {
  readonly watch: WatchView;
}

/** Those of the Sentinels that answer and watch somebody. */
export const watchersOf = ({ sentinels = [] }: Pick<DatabaseView, 'sentinels'>): Watcher[] =>
  sentinels.flatMap((one) => (one.state === 'up' && one.watch ? [{ ...one, watch: one.watch }] : []));

/** Whether so many Sentinels answer that no failover can have been carried out unknown to all of them. */
export const isMajority = (
  watchers: readonly Watcher[],
  { sentinels = [] }: Pick<DatabaseView, 'sentinels'>,
): boolean => watchers.length * 2 > sentinels.length;

/** Whether some Sentinel is about to replace the primary. */
export const isChanging = (view: Pick<DatabaseView, 'sentinels'>): boolean =>
  watchersOf(view).some(({ watch }) => watch.changing);

/** Another Sentinel of this database that one knows: it takes from nobody else who is primary. */
export const spokesman = (
  { sentinels: known }: WatchView,
  { sentinels = [] }: Pick<DatabaseView, 'sentinels'>,
): WatchView['sentinels'][number] | undefined => known.find(({ id }) => sentinels.some((one) => one.id === id));

/** One that makes every Sentinel believe what is said under it. */
export const epochAfter = (view: Pick<DatabaseView, 'sentinels'>): number =>
  1 + Math.max(...watchersOf(view).map(({ watch }) => watch.epoch));

/** Whom the Sentinels hold for the primary. */
export interface Choice {
  /** Absent where nobody of this database is there. */
  readonly node?: NodeView;
  readonly watch: WatchView;
}

/** What the newest of them says; undefined where no majority answers. */
export function choiceOf(view: DatabaseView): Choice | undefined {
  const watchers = watchersOf(view);
  if (!isMajority(watchers, view)) return undefined;
  const [newest] = watchers.map(({ watch }) => watch).sort((a, b) => b.epoch - a.epoch);
  const node = view.nodes.find((one) => isAt(newest!.at, placeOf(one)));
  return { watch: newest!, ...(node ? { node } : {}) };
}

/**
 * Whom the Sentinel has chosen that carries a failover out: it says so to the others, and to clients, when it has seen that the node is a
 * primary, which it asks for once a second. Undefined where two carry out one each and have not chosen the same.
 */
export function leaderChoiceOf(view: DatabaseView): NodeView | undefined {
  const leaders = watchersOf(view).filter(({ watch }) => watch.changing);
  const [first] = leaders;
  if (!first || !leaders.every(({ watch }) => isAt(watch.chosen, first.watch.chosen))) return undefined;
  return view.nodes.find((one) => isAt(first.watch.chosen, placeOf(one)));
}

/** A Sentinel has made a node primary that may succeed the one of the record: its agent is about to say so there. */
export const isPromoted = (node: NodeView | undefined, record: PrimaryRecord): boolean =>
  node !== undefined &&
  node.name !== record.primary &&
  record.inSync.includes(node.name) &&
  running(node.server)?.role === 'primary';
