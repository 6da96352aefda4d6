import { slotCount } from '../lib/contract/slot-count';
import type { SlotRange } from './view';

/** How many slots the ranges hold. */
export const countSlots = (ranges: readonly SlotRange[]): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** `0-5460,6000` */
export const formatSlots = (ranges: readonly SlotRange[]): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');

/** The ranges in order, touching and overlapping ones joined. */
export function mergeSlots(ranges: readonly SlotRange[]): SlotRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Every slot that none of the ranges holds. */
export const missingSlots = (ranges: readonly SlotRange[]): SlotRange[] => subtractSlots([[0, slotCount - 1]], ranges);

/** What is left of `ranges` without `removed`. */
export function subtractSlots(ranges: readonly SlotRange[], removed: readonly SlotRange[]): SlotRange[] {
  let left = mergeSlots(ranges);
  for (const [first, last] of removed) {
    left = left.flatMap(([from, to]): SlotRange[] => {
      if (last < from || first > to) return [[from, to]];
      const below: SlotRange[] = first > from ? [[from, first - 1]] : [];
      const above: SlotRange[] = last < to ? [[last + 1, to]] : [];
      return [...below, ...above];
    });
  }
  return left;
}

/** What is in both. */
export const commonSlots = (a: readonly SlotRange[], b: readonly SlotRange[]): SlotRange[] =>
  subtractSlots(a, subtractSlots(a, b));

/** Every slot of the ranges. */
export const listSlots = (ranges: readonly SlotRange[]): number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));

/** The highest `amount` slots, or as many as there are. */
export function highestSlots(ranges: readonly SlotRange[], amount: number): SlotRange[] {
  const taken: SlotRange[] = [];
  for (const [first, last] of mergeSlots(ranges).reverse()) {
    if (amount <= 0) break;
    const from = Math.max(first, last - amount + 1);
    taken.unshift([from, last]);
    amount -= last - from + 1;
  }
  return taken;
}

/**
 * Shares slots out so that all owners end within one slot of each other, as far as the slots reach.
 *
 * @param ranges slots to give away
 * @param owned how many slots each owner has already
 * @returns for each owner, in order, what it gets; neighbouring slots stay together
 */
export function shareSlots(ranges: readonly SlotRange[], owned: readonly number[]): SlotRange[][] {
  const shares = fill(countSlots(ranges), owned);
  const rest = mergeSlots(ranges).map(([first, last]): [number, number] => [first, last]);
  return shares.map((share) => take(rest, share));
}

/** Raises the lowest first; what cannot be divided goes to the first in order. */
function fill(amount: number, owned: readonly number[]): number[] {
  const order = owned.map((_, index) => index).sort((a, b) => owned[a]! - owned[b]! || a - b);
  let count = order.length;
  let level = 0;
  for (; count > 0; count--) {
    const lowest = order.slice(0, count);
    const total = amount + lowest.reduce((sum, index) => sum + owned[index]!, 0);
    level = Math.floor(total / count);
    if (owned[order[count - 1]!]! <= level) break;
  }
  const shares = owned.map(() => 0);
  let left = amount;
  for (const index of order.slice(0, count)) left -= shares[index] = level - owned[index]!;
  for (const index of order
    .slice(0, count)
    .sort((a, b) => a - b)
    .slice(0, left))
    shares[index]!++;
  return shares;
}

/** Removes the first `amount` slots from `rest` and gives them back. */
function take(rest: [number, number][], amount: number): SlotRange[] {
  const taken: SlotRange[] = [];
  while (amount > 0) {
    const range = rest[0]!;
    const last = Math.min(range[1], range[0] + amount - 1);
    taken.push([range[0], last]);
    amount -= last - range[0] + 1;
    if (last === range[1]) rest.shift();
    else range[0] = last + 1;
  }
  return taken;
}
