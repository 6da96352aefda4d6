import type { Action } from './action';
import type { Clock, SlotServer, SlotWeight } from './edges';
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

/** Bytes that are sent in one go, unless one key alone has more. */
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
    large.push(...(await moveWindow(left.splice(0, 1), move, ends, createPace(clock))));
  }
  const work = async (): Promise<void> => {
    const pace = createPace(clock);
    while (left.length > 0 && clock.now() < until) {
      large.push(...(await moveWindow(left.splice(0, windowSlots), move, ends, pace)));
    }
  };
  // While one has its slots marked, which takes the replicas of both ends too, the other sends.
  await Promise.all(Array.from({ length: workers }, work));
  return large;
}

/** A target that owns nothing is nobody's primary yet: it owns one slot before it gets many keys. */
async function lightestFirst(slots: readonly number[], source: SlotServer): Promise<number[]> {
  const candidates = slots.slice(0, windowSlots);
  const weights = await source.weigh(candidates);
  const order = candidates.map((slot, index) => ({ slot, keys: weights[index]!.keys })).sort((a, b) => a.keys - b.keys);
  const [lightest] = order;
  return lightest ? [lightest.slot, ...slots.filter((slot) => slot !== lightest.slot)] : [];
}

/** Some slots, from the first mark to the last. @returns large keys; their slots are left as they are */
async function moveWindow(all: readonly number[], move: Move, ends: Ends, pace: Pace): Promise<LargeKey[]> {
  const { from, to } = move;
  const { source, target, others } = ends;
  const weights = await source.weigh(all);
  const isHeavy = (index: number) => !move.begun && weights[index]!.largest.bytes > largestBytes;
  const large = all.flatMap((slot, index) =>
    isHeavy(index) ? [{ slot, node: from.node, ...weights[index]!.largest }] : [],
  );
  const slots = all.filter((_, index) => !isHeavy(index));
  if (slots.length === 0) return large;
  const bytesPerKey = sum(weights, 'bytes') / Math.max(1, sum(weights, 'keys'));
  // The target before the source: it must let in whoever the source sends on.
  await target.mark(slots, { importing: from.id });
  await source.mark(slots, { migrating: to.id });
  let open = slots;
  while (open.length > 0) {
    const found = await source.keys(open, mostKeys);
    open = open.filter((_, index) => found[index]!.length > 0);
    await pace(bytesPerKey, found, (batches) => source.send(batches, to.at));
  }
  // The target before the source: somebody must own the slot if this is the last thing that happens.
  await target.mark(slots, { owner: to.id });
  await source.mark(slots, { owner: to.id });
  // Who does not answer now hears of it from the target.
  await Promise.allSettled(others.map((other) => other.mark(slots, { owner: to.id })));
  return large;
}

const sum = (weights: readonly SlotWeight[], what: 'keys' | 'bytes'): number =>
  weights.reduce((total, weight) => total + weight[what], 0);

/** Sends keys, of one slot or several, so that the source is never busy for long. */
type Pace = (
  bytesPerKey: number,
  slots: readonly (readonly Buffer[])[],
  use: (batches: Buffer[][]) => Promise<void>,
) => Promise<void>;

/** Learns how many keys can be sent in one go from how long the last ones took. */
function createPace(clock: Clock): Pace {
  let quota = leastKeys;
  return async (bytesPerKey, slots, use) => {
    const fitting = Math.floor(mostBytes / Math.max(1, bytesPerKey));
    let rest = slots;
    while (rest.some((keys) => keys.length > 0)) {
      const { batches, left } = takeKeys(rest, Math.max(1, Math.min(quota, fitting)));
      rest = left;
      const began = clock.now();
      await use(batches);
      const factor = busyMs / Math.max(0.1, clock.now() - began);
      quota = Math.min(mostKeys, Math.max(leastKeys, Math.round(quota * Math.min(2, Math.max(0.5, factor)))));
    }
  };
}

/** The first `most` keys, in batches of one slot each, and what is left. */
function takeKeys(slots: readonly (readonly Buffer[])[], most: number): { batches: Buffer[][]; left: Buffer[][] } {
  const batches: Buffer[][] = [];
  const left: Buffer[][] = [];
  let room = most;
  for (const keys of slots) {
    const batch = keys.slice(0, room);
    if (batch.length > 0) batches.push(batch);
    if (batch.length < keys.length) left.push(keys.slice(batch.length));
    room -= batch.length;
  }
  return { batches, left };
}
