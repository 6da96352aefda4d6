import { slotCount } from '../../lib/contract/slot-count';
import { remember } from '../remember';
import { countSlots, mergeSlots } from '../slots';
import type { DatabaseView } from '../view';
import { members, owns, type Member } from './members';
import { everyone } from './slots/everyone';

/**
 * Members that have not heard yet who owns all the slots which somebody owns: they answer `CLUSTERDOWN` to whoever asks for these. Most messages between
 * servers name no slots (Valkey 8.1 and later), so it takes them a moment longer to know of a node's slots than of the node.
 */
export const unawareOf = remember((view: DatabaseView): readonly Member[] => {
  const served = countSlots(
    mergeSlots(
      members(everyone(view))
        .filter(owns)
        .flatMap(({ self }) => self.slots),
    ),
  );
  return served < slotCount ? [] : members(view).filter(({ cluster }) => cluster.slotsAssigned < slotCount);
});
