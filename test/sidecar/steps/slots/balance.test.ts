import fc from 'fast-check';

import { slotCount } from '../../../../lib/contract/slot-count';
import { countSlots, mergeSlots, subtractSlots } from '../../../../sidecar/slots';
import { balance, type Holder, type Move } from '../../../../sidecar/steps/slots/balance';
import type { SlotRange } from '../../../../sidecar/view';

/** All slots, dealt out in runs to holders of which some leave; at least one stays. */
const holders: fc.Arbitrary<Holder[]> = fc
  .record({
    leaving: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: slotCount - 1 }), { maxLength: 40 }),
    owners: fc.array(fc.nat(), { minLength: 41, maxLength: 41 }),
  })
  .map(({ leaving, cuts, owners }) => {
    const ends = [0, ...cuts.sort((a, b) => a - b), slotCount];
    const runs = ends.slice(1).map((end, index): SlotRange => [ends[index]!, end - 1]);
    return leaving.map((leaves, index) => ({
      slots: mergeSlots(runs.filter((_, run) => owners[run]! % leaving.length === index)),
      fixed: [],
      stays: !leaves || index === 0,
    }));
  });

const sizes = (all: readonly Holder[]): number[] => all.map(({ slots }) => countSlots(slots));

const slotsIn = (moves: readonly Move[]): SlotRange[] => moves.flatMap(({ slots }) => [...slots]);

/** Everybody's slots after these moves. */
const after = (all: readonly Holder[], moves: readonly Move[]): Holder[] =>
  all.map((holder, index) => ({
    ...holder,
    slots: mergeSlots([
      ...subtractSlots(holder.slots, slotsIn(moves.filter(({ from }) => from === index))),
      ...slotsIn(moves.filter(({ to }) => to === index)),
    ]),
  }));

/** The lower bound: what leaves, and what each has above the share that it may keep. */
function fewest(all: readonly Holder[]): number {
  const staying = all.filter(({ stays }) => stays).map(({ slots }) => countSlots(slots));
  const base = Math.floor(slotCount / staying.length);
  const spare = slotCount % staying.length;
  const above = staying.map((size) => Math.max(0, size - base)).reduce((sum, size) => sum + size, 0);
  const kept = Math.min(spare, staying.filter((size) => size > base).length);
  return above - kept + sizes(all.filter(({ stays }) => !stays)).reduce((sum, size) => sum + size, 0);
}

test('those who stay end within one slot of each other, and those who leave with none', () => {
  fc.assert(
    fc.property(holders, (all) => {
      const then = after(all, balance(all));
      const staying = sizes(then.filter(({ stays }) => stays));
      expect(Math.max(...staying) - Math.min(...staying)).toBeLessThanOrEqual(1);
      expect(sizes(then.filter(({ stays }) => !stays)).every((size) => size === 0)).toBe(true);
      expect(countSlots(mergeSlots(then.flatMap(({ slots }) => [...slots])))).toBe(slotCount);
    }),
  );
});

test('no plan moves fewer slots, and none twice', () => {
  fc.assert(
    fc.property(holders, (all) => {
      const moved = slotsIn(balance(all));
      expect(countSlots(mergeSlots(moved))).toBe(countSlots(moved));
      expect(countSlots(moved)).toBe(fewest(all));
    }),
  );
});

test('interrupted anywhere and planned anew, no slot moves twice and no more of them than were planned at first', () => {
  fc.assert(
    fc.property(holders, fc.infiniteStream(fc.integer({ min: 1, max: 2000 })), (all, steps) => {
      let now = all;
      let moved: SlotRange[] = [];
      for (const step of steps) {
        const moves = balance(now);
        if (moves.length === 0) break;
        const done = moves.map((move) => ({ ...move, slots: first(move.slots, step) }));
        moved = [...moved, ...slotsIn(done)];
        now = after(now, done);
      }
      expect(countSlots(mergeSlots(moved))).toBe(countSlots(moved));
      expect(countSlots(moved)).toBe(fewest(all));
    }),
  );
});

test('slots that cannot be given away stay, and others go in their place', () => {
  const all: Holder[] = [
    { slots: [[0, slotCount - 1]], fixed: [[10_000, slotCount - 1]], stays: true },
    { slots: [], fixed: [], stays: true },
  ];
  expect(balance(all)).toEqual([{ from: 0, to: 1, slots: [[1808, 9999]] }]);
});

test('nothing moves where nobody stays', () => {
  expect(balance([{ slots: [[0, slotCount - 1]], fixed: [], stays: false }])).toEqual([]);
});

/** The lowest `amount` slots of the ranges. */
function first(ranges: readonly SlotRange[], amount: number): SlotRange[] {
  const all = mergeSlots(ranges);
  const cut = all.reduce<{ taken: SlotRange[]; left: number }>(
    ({ taken, left }, [low, high]) =>
      left <= 0
        ? { taken, left }
        : { taken: [...taken, [low, Math.min(high, low + left - 1)]], left: left - (high - low + 1) },
    { taken: [], left: amount },
  );
  return cut.taken;
}
