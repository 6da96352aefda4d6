import { formatSlots, mergeSlots } from '../slots';
import type { SlotRange } from '../view';
import { believes, members, owns, type Member } from './members';
import { wait, type NodeStep } from './step';

/** Longer than anything goes on that was planned before this server started: a slot may have been marked in ignorance of that. Milliseconds. */
const settleMs = 30_000;

/**
 * Deletes keys that the own server came back with although others own their slots by now: it had given them away, and lost its power
 * before that was synced. Only where the owner serves the slot, is not moving it here, and most of those with a vote say that it is the owner.
 */
export const discard: NodeStep = (view) => {
  const { leftovers, database } = view;
  if (!leftovers) return [];
  const all = database ? members(database) : [];
  const self = all.find((member) => member.name === view.name);
  if (!self || leftovers.seenMs < settleMs)
    return wait(`keys of ${count(leftovers.slots)} that others own are left here`);
  const slots = leftovers.slots.filter((slot) => isServedElsewhere(slot, self, all));
  if (slots.length === 0)
    return wait(`keys of ${count(leftovers.slots)} are left here, and their owners are not confirmed`);
  return [{ do: 'discard', node: view.name, slots: rangesOf(slots) }];
};

const rangesOf = (slots: readonly number[]): SlotRange[] => mergeSlots(slots.map((slot): SlotRange => [slot, slot]));

const count = (slots: readonly number[]): string => `slots ${formatSlots(rangesOf(slots))}`;

function isServedElsewhere(slot: number, self: Member, all: readonly Member[]): boolean {
  const owner = all.find((member) => owns(member) && has(member.self.slots, slot));
  if (!owner || owner === self) return false;
  if (owner.self.openSlots.some((mark) => mark.startsWith(`${slot}->`))) return false;
  const voters = self.cluster.table.filter(({ role, slots }) => role === 'primary' && slots.length > 0);
  const agree = all
    .filter(owns)
    .filter((member) => member === owner || has(believes(member, owner.cluster.id)?.slots ?? [], slot));
  return agree.length > voters.length / 2;
}

const has = (ranges: readonly SlotRange[], slot: number): boolean =>
  ranges.some(([first, last]) => first <= slot && slot <= last);
