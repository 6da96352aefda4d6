import type { Action } from '../action';
import { formatSlots, missingSlots, shareSlots } from '../slots';
import type { DatabaseView } from '../view';
import { absent, members, owns, primaryOf, shardsOf, slotsOf, type Member } from './members';
import { wait, type DatabaseStep } from './step';

/**
 * Gives slots that nobody owns to the primaries of the shards, as evenly as they go.
 *
 * Only when every node answers: one that does not may own them, from an attempt that was cut short, and be unknown to the others.
 */
export const assignSlots: DatabaseStep = (view) => {
  const all = members(view);
  // What a member owns is owned; only then is it worth to ask all what they know of others.
  if (missingSlots(all.flatMap(({ self }) => self.slots)).length === 0) return [];
  const unowned = missingSlots(all.flatMap(({ cluster }) => cluster.table.flatMap((entry) => entry.slots)));
  if (unowned.length === 0) return [];
  const missing = absent(view);
  if (missing.length > 0) {
    return wait(`slots ${formatSlots(unowned)} have no owner, and ${namesOf(missing)} may know of one`);
  }
  const primaries = choosePrimaries(view, all);
  const without = shardsOf(view).find((shard) => !primaries.some((primary) => primary.shard === shard));
  if (without !== undefined) return wait(`shard ${without} has no node that could own slots`);
  const shares = shareSlots(unowned, primaries.map(slotsOf));
  return primaries.flatMap((primary, index): Action[] => {
    const slots = shares[index]!;
    return slots.length > 0 ? [{ do: 'assign-slots', node: primary.name, slots }] : [];
  });
};

const namesOf = (nodes: readonly { readonly name: string }[]) => nodes.map((node) => node.name).join(', ');

/** One of each shard: whoever owns slots already, else an empty primary on the host and in the zone with the fewest. */
function choosePrimaries(view: DatabaseView, all: readonly Member[]): Member[] {
  const shards = shardsOf(view);
  const chosen = shards.flatMap((shard) => primaryOf(shard, all) ?? []);
  for (const shard of shards.filter((name) => !chosen.some((primary) => primary.shard === name))) {
    const candidates = all.filter(
      (member) => member.shard === shard && member.self.role === 'primary' && !owns(member),
    );
    const best = candidates.sort((a, b) => crowding(a, chosen) - crowding(b, chosen))[0];
    if (best) chosen.push(best);
  }
  return shards.flatMap((shard) => chosen.filter((primary) => primary.shard === shard));
}

/** Sharing a host weighs more than sharing a zone: a host fails more often. */
export function crowding(member: Member, primaries: readonly Member[]): number {
  const share = (key: 'host' | 'zone') => {
    const place = member.agent?.[key];
    return place ? primaries.filter((primary) => primary.agent?.[key] === place).length : 0;
  };
  return share('host') * primaries.length + share('host') + share('zone');
}
