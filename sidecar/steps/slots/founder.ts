import { slotCount } from '../../../lib/contract/slot-count';
import { countSlots, mergeSlots } from '../../slots';
import type { DatabaseView } from '../../view';
import { crowding } from '../assign-slots';
import { members, owns, primaryOf, type Member } from '../members';
import { guestIn } from '../uncross';
import { everyone } from './everyone';

/** Whether every slot is served by a member. Where one is not, its owner is away, and may be of any shard. */
export const isServed = (all: readonly Member[]): boolean =>
  countSlots(mergeSlots(all.filter(owns).flatMap((member) => member.self.slots))) === slotCount;

/**
 * The node of a new shard that is to get slots: all others follow it before it has any. Whoever is followed already, or has keys on
 * their way to it; else whose host and zone have the fewest primaries. undefined where the shard has slots, or may have: with
 * its owner away, or on a node of another shard, which gives them back.
 */
export function founderOf(shard: string, view: DatabaseView): Member | undefined {
  const all = members(everyone(view));
  if (primaryOf(shard, all) || !isServed(all) || guestIn(members(view))) return undefined;
  const able = all.filter((member) => member.shard === shard && member.self.role === 'primary' && !member.ending);
  const chosen = all.filter(owns);
  const rank = (member: Member): number => {
    const followers = all.filter((other) => other.self.primaryId === member.cluster.id).length;
    return followers * 2 + (member.self.openSlots.length > 0 ? 1 : 0);
  };
  return able.sort((a, b) => rank(b) - rank(a) || crowding(a, chosen) - crowding(b, chosen))[0];
}
