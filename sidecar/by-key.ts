import type { Action } from './action';
import type { Clock, Parcel, SlotContents, SlotServer } from './edges';
import { listSlots } from './slots';
import type { LargeKey } from './view-slots';

/** How long one action goes on; what is left then is planned anew. Milliseconds. */
const budgetMs = 1000;

/** Slots that are open at the same time between two servers. */
const windowSlots = 32;

/** Such windows at the same time. */
const workers = 2;

/** How long a source may be busy with sending before it serves its clients again. Milliseconds. */
const busyMs = 2;

/** Bytes that are sent in one go, unless one parcel alone has more. */
const mostBytes = 512 * 1024;

/**
 * Keys that are sent in one go: at the least and to begin with, and at the most. Fewer, on a machine that is busy, would have it wait for
 * its turn again and again, and take the longer for all of them.
 */
const leastKeys = 64;
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
  let left = listSlots(move.slots);
  if (move.first) {
    left = await lightestFirst(left, ends.source);
    const { found } = await moveWindow(left.splice(0, 1), move, ends, createPace(clock));
    large.push(...found);
  }
  const work = async (): Promise<void> => {
    const pace = createPace(clock);
    while (left.length > 0 && clock.now() < until) {
      const { found, later } = await moveWindow(left.splice(0, windowSlots), move, ends, pace);
      left.unshift(...later);
      large.push(...found);
    }
  };
  // While one has its slots marked, which takes the replicas of both ends too, the other sends.
  await Promise.all(Array.from({ length: workers }, work));
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
  /** Large keys; their slots are left as they are. */
  readonly found: LargeKey[];
  /** Slots that were not come to: those before them have enough. */
  readonly later: readonly number[];
}

/** Some slots, from the first mark to the last. */
async function moveWindow(all: readonly number[], move: Move, ends: Ends, pace: Pace): Promise<Outcome> {
  const { from, to } = move;
  const { source, target, others } = ends;
  const contents = await source.contents(all, 'all');
  const isHeavy = ({ largest }: SlotContents) => !move.begun && largest.bytes > largestBytes;
  const found = contents.filter(isHeavy).map(({ slot, largest }) => ({ slot, node: from.node, ...largest }));
  const later = all.slice(contents.length);
  const light = contents.filter((each) => !isHeavy(each));
  const slots = light.map(({ slot }) => slot);
  if (slots.length === 0) return { found, later };
  // The target before the source: it must let in whoever the source sends on.
  await target.mark(slots, { importing: from.id });
  await source.mark(slots, { migrating: to.id });
  await sendAll(light, source, (parcels) => pace(parcels, (some) => source.send(some, to.at)));
  // The target before the source: somebody must own the slot if this is the last thing that happens.
  await target.mark(slots, { owner: to.id });
  await source.mark(slots, { owner: to.id });
  // Who does not answer now hears of it from the target.
  await Promise.allSettled(others.map((other) => other.mark(slots, { owner: to.id })));
  return { found, later };
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
