import { countSlots, highestSlots, subtractSlots } from '../../slots';
import type { SlotRange } from '../../view';

/** Somebody who has slots, or is to get some. */
export interface Holder {
  readonly slots: readonly SlotRange[];
  /** Those among them that cannot be given away now. */
  readonly fixed: readonly SlotRange[];
  /** Whether it is to have slots at all; one that leaves is to have none. */
  readonly stays: boolean;
}

/** Slots that go from one holder to another; both are indices. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly slots: readonly SlotRange[];
}

/**
 * The fewest slots that have to move until all who stay are within one slot of each other and all others have none; each goes
 * straight to where it stays.
 *
 * Made anew from any state on the way, the plan is the rest of what it was: whoever has most keeps the slot that cannot be shared.
 *
 * @returns no moves where nobody stays
 */
export function balance(holders: readonly Holder[]): Move[] {
  const goals = goalsOf(holders);
  if (!goals) return [];
  const wanting = holders.map(({ slots }, index) => Math.max(0, goals[index]! - countSlots(slots)));
  return holders.flatMap((holder, from) => {
    let rest = subtractSlots(holder.slots, holder.fixed);
    let surplus = Math.max(0, countSlots(holder.slots) - goals[from]!);
    return wanting.flatMap((want, to): Move[] => {
      const slots = highestSlots(rest, Math.min(want, surplus));
      if (slots.length === 0) return [];
      rest = subtractSlots(rest, slots);
      surplus -= countSlots(slots);
      wanting[to]! -= countSlots(slots);
      return [{ from, to, slots }];
    });
  });
}

/** How many slots each is to have. */
function goalsOf(holders: readonly Holder[]): number[] | undefined {
  const staying = holders.flatMap(({ stays }, index) => (stays ? [index] : []));
  if (staying.length === 0) return undefined;
  const owned = (index: number) => countSlots(holders[index]!.slots);
  const all = holders.reduce((sum, { slots }) => sum + countSlots(slots), 0);
  const base = Math.floor(all / staying.length);
  const richest = [...staying].sort((a, b) => owned(b) - owned(a) || a - b).slice(0, all % staying.length);
  return holders.map(({ stays }, index) => (stays ? base + (richest.includes(index) ? 1 : 0) : 0));
}
