import { slotCount } from '../contract/slot-count';
import type { SlotMove } from './change';

/**
 * How many hash slots change their shard, each once and as few as balance the shards.
 *
 * An estimate: it takes slots as evenly spread over the old shards, which is how the agents keep them.
 */
export function estimateMoves(old: readonly string[], now: readonly string[]): SlotMove[] {
  const have = new Map(old.map((shard, index) => [shard, shareOf(index, old.length)]));
  const want = targets(now, have);
  const givers = old.map((shard) => ({ shard, slots: have.get(shard)! - (want.get(shard) ?? 0) }));
  const takers = now.map((shard) => ({ shard, slots: want.get(shard)! - (have.get(shard) ?? 0) }));
  return pairUp(
    givers.filter(({ slots }) => slots > 0),
    takers.filter(({ slots }) => slots > 0),
  );
}

/** Slots of one of several shards; what does not divide goes to the first. */
const shareOf = (index: number, shards: number): number =>
  Math.floor(slotCount / shards) + (index < slotCount % shards ? 1 : 0);

/** What each shard has in the end: the odd slots stay with those that have the most. */
function targets(shards: readonly string[], have: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const richestFirst = [...shards].sort((a, b) => (have.get(b) ?? 0) - (have.get(a) ?? 0));
  return new Map(richestFirst.map((shard, index) => [shard, shareOf(index, shards.length)]));
}

interface Portion {
  readonly shard: string;
  readonly slots: number;
}

function pairUp(givers: readonly Portion[], takers: readonly Portion[]): SlotMove[] {
  const [giver, ...otherGivers] = givers;
  const [taker, ...otherTakers] = takers;
  if (!giver || !taker) return [];
  const slots = Math.min(giver.slots, taker.slots);
  const rest = (portion: Portion, others: readonly Portion[]): readonly Portion[] =>
    portion.slots > slots ? [{ shard: portion.shard, slots: portion.slots - slots }, ...others] : others;
  return [{ from: giver.shard, to: taker.shard, slots }, ...pairUp(rest(giver, otherGivers), rest(taker, otherTakers))];
}
