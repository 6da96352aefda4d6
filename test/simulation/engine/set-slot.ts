import type { SlotMark } from '../../../sidecar/edges';
import { commonSlots, mergeSlots } from '../../../sidecar/slots';
import type { SlotRange } from '../../../sidecar/view';
import { announce } from './messages';
import { giveSlots, updateState } from './roles';
import type { Engine, Peer } from './state';

const refuse = (why: string): never => {
  throw new Error(`ERR ${why}`);
};

const ownsSlot = ({ slots }: Peer, slot: number): boolean => commonSlots(slots, [[slot, slot]]).length > 0;

/** `CLUSTER SETSLOT` of some slots; the marks stay with this server, as in Redis. Everybody is told once, not of each slot. */
export function setSlots(engine: Engine, slots: readonly number[], mark: SlotMark): void {
  if (engine.myself.role === 'replica') refuse('Please use SETSLOT only with masters.');
  if (mark !== 'stable' && 'owner' in mark) settle(engine, slots, find(engine, mark.owner));
  else for (const slot of slots) markSlot(engine, slot, mark);
}

function markSlot({ myself, migrating, importing, peers }: Engine, slot: number, mark: SlotMark): void {
  if (mark === 'stable') {
    migrating.delete(slot);
    importing.delete(slot);
  } else if ('migrating' in mark) {
    if (!ownsSlot(myself, slot)) refuse(`I'm not the owner of hash slot ${slot}`);
    migrating.set(slot, find({ peers }, mark.migrating).id);
  } else if ('importing' in mark) {
    if (ownsSlot(myself, slot)) refuse(`I'm already the owner of hash slot ${slot}`);
    importing.set(slot, find({ peers }, mark.importing).id);
  }
}

function find({ peers }: Pick<Engine, 'peers'>, id: string): Peer {
  const peer = peers.get(id) ?? refuse(`I don't know about node ${id}`);
  return peer.role === 'replica' ? refuse('Target node is not a master') : peer;
}

/** A target that takes slots over gets an epoch above all others without a vote. */
function settle(engine: Engine, slots: readonly number[], owner: Peer): void {
  const { myself, migrating, importing, around, peers } = engine;
  const kept = slots.find((slot) => owner !== myself && ownsSlot(myself, slot) && around.keysIn(slot) > 0);
  if (kept !== undefined) {
    refuse(`Can't assign hashslot ${kept} to a different node while I still hold keys for this hash slot.`);
  }
  for (const slot of slots) migrating.delete(slot);
  const taken = owner === myself && slots.filter((slot) => importing.delete(slot)).length > 0;
  const highest = Math.max(engine.currentEpoch, ...[...peers.values()].map((peer) => peer.configEpoch));
  if (taken && (myself.configEpoch === 0 || myself.configEpoch !== highest)) {
    engine.currentEpoch = highest + 1;
    myself.configEpoch = engine.currentEpoch;
  }
  giveSlots(engine, owner, mergeSlots(slots.map((slot): SlotRange => [slot, slot])));
  if (taken) announce(engine);
  updateState(engine);
}
