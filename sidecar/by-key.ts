import type { Action } from './action';
import type { Clock, Parcel, SlotContents, SlotServer } from './edges';
import { listSlots } from './slots';
import type { Turns } from './turns';
import type { LargeKey } from './view-slots';

/** How long one action goes on; what is left then is planned anew. Milliseconds. */
const budgetMs = 2000;

/**
 * Slots that are open at the same time between two servers, and keys that are enough for such a window. Each costs both servers a write to
 * disk when it is opened or closed; in an open one clients are sent on.
 */
const windowSlots = 32;
const windowKeys = 2000;

/**
 * Windows at the same time into one server, from whomever: while one waits for its marks, which takes the disks and the replicas of both ends,
 * another sends. The more of them, the longer clients wait.
 */
export const windowsIntoOne = 4;

/** How long a source may be busy with sending before it serves its clients again. Milliseconds. */
const busyMs = 2;

/** Bytes that are sent in one go, unless one parcel alone has more. */
const mostBytes = 512 * 1024;

/**
 * Keys that are sent in one go: at the least and to begin with, and at the most. Fewer, on a machine that is busy, would have it wait for
 * its turn again and again, and take the longer for all of them.
 */
const leastKeys = 128;
const mostKeys = 1000;

/**
 * A key with more bytes than this stays where it is, and its slot with it: a source that sends it serves nobody meanwhile, for up to a
 * quarter of a second at 32 MiB. Only the engine's own migration moves it.
 */
export const largestBytes = 32 * 1024 * 1024;

/** The two ends of a move, and who else is told. */
export interface Ends {
  readonly source: SlotServer;
  readonly target: SlotServer;
  readonly others: readonly SlotServer[];
  /** Of the target. */
  readonly turns: Turns;
}

type Move = Extract<Action, { readonly do: 'move-slots' }>;

/**
 * Moves slots key by key for a while. Every step can be the last one: a slot that is marked at one of its ends is found and
 * finished by whoever looks next.
 *
 * @returns the large keys that were found; their slots are not moved
 */
export async function moveByKey(move: Move, ends: Ends, clock: Clock): Promise<LargeKey[]> {
  const until = clock.now() + budgetMs;
  const large: LargeKey[] = [];
  const told: Promise<unknown>[] = [];
  let left = listSlots(move.slots);
  const moveNext = async (most: number, pace: Pace): Promise<void> => {
    const all = left.splice(0, most);
    const { moved, found, later } = await moveWindow(all, move, ends, pace);
    left.unshift(...later);
    large.push(...found);
    // Who does not answer now hears of it from the target.
    told.push(Promise.allSettled(ends.others.map((other) => other.mark(moved, { owner: move.to.id }))));
  };
  if (move.first) {
    left = await lightestFirst(left, ends.source);
    await moveNext(1, createPace(clock));
  }
  let failed = false;
  const work = async (): Promise<void> => {
    const pace = createPace(clock);
    while (left.length > 0 && clock.now() < until && !failed) {
      await ends.turns.take(move.from.id, () => moveNext(windowSlots, pace));
    }
  };
  const fail = (error: unknown): never => {
    failed = true;
    throw error;
  };
  const works = Array.from({ length: windowsIntoOne }, () => work().catch(fail));
  // Nothing of this goes on when it is planned anew.
  await Promise.allSettled(works);
  await Promise.all([...works, ...told]);
  return large;
}

/** A target that owns nothing is nobody's primary yet: it owns one slot before it gets many keys. */
async function lightestFirst(slots: readonly number[], source: SlotServer): Promise<number[]> {
  const candidates = slots.slice(0, windowSlots);
  const [lightest] = [...(await source.contents(candidates, 'next'))].sort((a, b) => a.keys - b.keys);
  return lightest ? [lightest.slot, ...slots.filter((slot) => slot !== lightest.slot)] : [];
}

/** What became of a window. */
interface Outcome {
  readonly moved: readonly number[];
  /** Large keys; their slots are left as they are. */
  readonly found: LargeKey[];
  /** Slots that were not come to: those before them have enough. */
  readonly later: readonly number[];
}

/** Some slots, from the first mark to the last. */
async function moveWindow(all: readonly number[], move: Move, ends: Ends, pace: Pace): Promise<Outcome> {
  const { from, to } = move;
  const { source, target } = ends;
  const contents = await survey(all, source);
  const isHeavy = ({ largest }: SlotContents) => !move.begun && largest.bytes > largestBytes;
  const found = contents.filter(isHeavy).map(({ slot, largest }) => ({ slot, node: from.node, ...largest }));
  const light = contents.filter((each) => !isHeavy(each));
  const moved = light.map(({ slot }) => slot);
  const outcome = { moved, found, later: all.slice(contents.length) };
  if (moved.length === 0) return outcome;
  // The target before the source: it must let in whoever the source sends on.
  await target.mark(moved, { importing: from.id });
  await source.mark(moved, { migrating: to.id });
  await sendAll(light, source, (parcels) => pace(parcels, (some) => source.send(some, to.at)));
  // The target before the source: somebody must own the slot if this is the last thing that happens.
  await target.mark(moved, { owner: to.id });
  await source.mark(moved, { owner: to.id });
  return outcome;
}

/** What is in the first of the slots, until it is enough for a window. */
async function survey(slots: readonly number[], source: SlotServer): Promise<SlotContents[]> {
  const contents: SlotContents[] = [];
  let keys = 0;
  while (contents.length < slots.length && keys < windowKeys) {
    const some = await source.contents(slots.slice(contents.length), 'all');
    keys += some.reduce((sum, each) => sum + each.keys, 0);
    contents.push(...some);
  }
  return contents;
}

/** Until the slots are empty: more came in before they were marked, and of many keys only some are known. */
async function sendAll(
  contents: readonly SlotContents[],
  source: SlotServer,
  send: (parcels: readonly Parcel[]) => Promise<void>,
): Promise<void> {
  let open = contents.map(({ slot }) => slot);
  let known = contents;
  while (open.length > 0) {
    await send(known.flatMap(({ parcels }) => parcels));
    known = await source.contents(open, 'next');
    const empty = new Set(known.filter(({ keys }) => keys === 0).map(({ slot }) => slot));
    open = open.filter((slot) => !empty.has(slot));
  }
}

/** Sends parcels, so that the source is never busy for long. */
type Pace = (parcels: readonly Parcel[], send: (some: readonly Parcel[]) => Promise<void>) => Promise<void>;

/** Learns how many keys can be sent in one go from how long the last ones took. */
function createPace(clock: Clock): Pace {
  let quota = leastKeys;
  return async (parcels, send) => {
    let left = parcels;
    while (left.length > 0) {
      const some = takeParcels(left, quota);
      left = left.slice(some.length);
      const began = clock.now();
      await send(some);
      const factor = busyMs / Math.max(0.1, clock.now() - began);
      quota = Math.min(mostKeys, Math.max(leastKeys, Math.round(quota * Math.min(2, Math.max(0.5, factor)))));
    }
  };
}

/** The first, with so many keys at the most; one in any case. */
function takeParcels(parcels: readonly Parcel[], most: number): readonly Parcel[] {
  let [keys, bytes] = [0, 0];
  const end = parcels.findIndex((parcel) => {
    [keys, bytes] = [keys + parcel.keys, bytes + parcel.bytes];
    return keys > most || bytes > mostBytes;
  });
  return end < 0 ? parcels : parcels.slice(0, Math.max(1, end));
}
