import { commonSlots, mergeSlots } from '../../../sidecar/slots';
import type { SlotRange } from '../../../sidecar/view';
import type { Engine, Peer } from './state';

const rangeOf = (slot: number): SlotRange[] => [[slot, slot]];

const ownerOf = ({ peers }: Engine, slot: number): Peer | undefined =>
  [...peers.values()].find(({ slots }) => commonSlots(slots, rangeOf(slot)).length > 0);

/**
 * A primary that starts has keys of slots that are not its own: Redis marks them as if they were on their way here, Valkey deletes them.
 *
 * verifyClusterConfigWithData
 */
export function checkData(engine: Engine, filled: readonly number[], deletes: boolean): void {
  const { myself, importing, around } = engine;
  if (myself.role === 'replica') return;
  for (const slot of filled) {
    const owner = ownerOf(engine, slot);
    if (owner === myself || importing.has(slot)) continue;
    if (!owner) myself.slots = mergeSlots([...myself.slots, ...rangeOf(slot)]);
    else if (deletes) around.dropKeys(rangeOf(slot), owner.hostname);
    else importing.set(slot, owner.id);
  }
}

/** What `ASKING` and `UNLINK` do to every key of these slots, and `SETSLOT STABLE`. */
export function discardSlots(engine: Engine, slots: readonly number[]): void {
  for (const slot of slots) {
    if (!engine.importing.has(slot)) throw new Error(`MOVED ${slot}`);
    engine.around.dropKeys(rangeOf(slot), ownerOf(engine, slot)?.hostname ?? 'nobody');
    engine.importing.delete(slot);
  }
}
