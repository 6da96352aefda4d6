import type { Action } from '../action';
import { subtractSlots } from '../slots';
import { absent, believes, members, owns, type Member } from './members';
import { isGone, strangersFor } from './strangers';
import { bestReplica, isKnownToVoters } from './takeover';
import type { DatabaseStep } from './step';

/**
 * Has the best replica take over from a primary that is gone for good: every node answers, and none has its id any more.
 *
 * The engine's own election does not come where somebody else answers at the lost primary's address (Valkey before 8.1 and
 * Redis never call such a node failed), nor where the replica was restarted since (its data has no age).
 */
export const rescue: DatabaseStep = (view, config) => {
  if (absent(view).length > 0) return [];
  const all = members(view);
  return strangersFor(view, config).flatMap((id): Action[] => {
    const heir = bestReplica(id, all);
    if (!heir || !isLost(id, all) || !isKnownToVoters(heir, id, all)) return [];
    return [{ do: 'failover', node: heir.name, from: id, force: true }];
  });
};

/** Nobody has heard of it, and nobody serves what it owned. */
function isLost(id: string, all: readonly Member[]): boolean {
  const entries = all.flatMap((member) => believes(member, id) ?? []);
  const served = all.filter(owns).flatMap((member) => member.self.slots);
  const owned = entries.flatMap((entry) => entry.slots);
  return entries.every(isGone) && subtractSlots(owned, served).length > 0;
}
