import { subtractSlots } from '../slots';
import type { NodeView } from '../view';
import { absent, believes, members, owns, type Member } from './members';
import { isGone, mayReturn, strangersFor } from './strangers';
import { bestReplica } from './takeover';
import type { DatabaseStep } from './step';

/**
 * Promotes the best replica of a primary that will never serve its slots again: every node is accounted for, and none has its id
 * any more, or the one that has it is held and has lost its data. One at a time, because each promotion takes the next config epoch.
 *
 * The engine's own election does not come where another server answers at the lost primary's address (Redis, and Valkey before
 * 8.1, never call such a node failed), nor where the replica was restarted since (its data has no age), nor where half of all
 * primaries are gone (no majority is left to vote). So nobody is asked.
 */
export const rescue: DatabaseStep = (view, config) => {
  if (!absent(view).every(isHeld)) return [];
  const all = members(view);
  for (const fromId of strangersFor(view, config)) {
    const heir = bestReplica(fromId, all);
    if (heir && !mayReturn(fromId, view) && isLost(fromId, all)) return [{ do: 'promote', node: heir.name, fromId }];
  }
  return [];
};

/** Its agent holds its server: it cannot serve before somebody decides that it may. */
const isHeld = ({ server, agent }: NodeView): boolean => server.state === 'absent' && agent?.server === 'held';

/** Nobody has word of it, and nobody serves all that it owned. */
function isLost(id: string, all: readonly Member[]): boolean {
  const entries = all.flatMap((member) => believes(member, id) ?? []);
  const served = all.filter(owns).flatMap((member) => member.self.slots);
  const owned = entries.flatMap((entry) => entry.slots);
  return entries.every(isGone) && subtractSlots(owned, served).length > 0;
}
