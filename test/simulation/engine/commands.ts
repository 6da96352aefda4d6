import { subtractSlots } from '../../../sidecar/slots';
import type { SlotRange } from '../../../sidecar/view';
import { startHandover } from './handover';
import { announce } from './messages';
import { replacePrimary, runForPrimary } from './election';
import { followPrimary, giveSlots, ownedSlots, updateState } from './roles';
import { createPeer, primaryOfMyself, removePeer, type Engine } from './state';

/** How long an id that was forgotten stays so. Milliseconds. */
const forgottenMs = 60_000;

const refuse = (why: string): never => {
  throw new Error(`ERR ${why}`);
};

/** `CLUSTER SET-CONFIG-EPOCH` */
export function setConfigEpoch(engine: Engine, epoch: number): void {
  const { myself } = engine;
  if (engine.peers.size > 1) {
    refuse('The user can assign a config epoch only when the node does not know any other node.');
  }
  if (myself.configEpoch !== 0) refuse('Node config epoch is already non-zero');
  myself.configEpoch = epoch;
  engine.currentEpoch = Math.max(engine.currentEpoch, epoch);
}

/** `CLUSTER ADDSLOTSRANGE` */
export function addSlots(engine: Engine, slots: readonly SlotRange[]): void {
  const owned = ownedSlots(engine);
  const busy = subtractSlots(slots, subtractSlots(slots, owned))[0];
  if (busy) refuse(`Slot ${busy[0]} is already busy`);
  giveSlots(engine, engine.myself, slots);
  updateState(engine);
}

/** `CLUSTER MEET` */
export function meet(engine: Engine, ip: string): void {
  if ([...engine.peers.values()].some((peer) => peer.handshake && peer.ip === ip)) return;
  const peer = { ...createPeer(engine.random.hex(40), engine.now), handshake: true, meet: true, ip };
  engine.peers.set(peer.id, peer);
}

/** `CLUSTER REPLICATE` */
export function replicate(engine: Engine, id: string): void {
  const { myself, around } = engine;
  const primary = engine.peers.get(id) ?? refuse(`Unknown node ${id}`);
  if (primary === myself) refuse("Can't replicate myself");
  if (primary.role === 'replica') refuse('I can only replicate a master, not a replica.');
  if (myself.role === 'primary' && (myself.slots.length > 0 || around.hasKeys())) {
    refuse('To set a master the node must be empty and without assigned slots.');
  }
  if (myself.primaryId === id) return;
  followPrimary(engine, primary, true);
  announce(engine);
  updateState(engine);
}

/** `CLUSTER FAILOVER [FORCE]` */
export function failover(engine: Engine, force: boolean): void {
  if (engine.myself.role === 'primary') refuse('You should send CLUSTER FAILOVER to a replica');
  const primary = primaryOfMyself(engine) ?? refuse("I'm a replica but my master is unknown to me");
  if (!force && (primary.failed || !primary.link)) {
    refuse('Master is down or failed, please use CLUSTER FAILOVER FORCE');
  }
  startHandover(engine, force);
  runForPrimary(engine);
}

/** `CLUSTER FAILOVER TAKEOVER` */
export function promote(engine: Engine): void {
  const { myself, peers } = engine;
  if (myself.role === 'primary') refuse('You should send CLUSTER FAILOVER to a replica');
  const primary = primaryOfMyself(engine) ?? refuse("I'm a replica but my master is unknown to me");
  const highest = Math.max(engine.currentEpoch, ...[...peers.values()].map((peer) => peer.configEpoch));
  engine.currentEpoch = highest + 1;
  replacePrimary(engine, primary, engine.currentEpoch);
}

/** `CLUSTER FORGET`; the news of it does not spread, as before Redis 7.2. */
export function forget(engine: Engine, id: string): void {
  const peer = engine.peers.get(id) ?? refuse(`Unknown node ${id}`);
  if (peer === engine.myself) refuse("I tried hard but I can't forget myself...");
  if (engine.myself.primaryId === id) refuse("Can't forget my master!");
  engine.forgotten.set(id, engine.now + forgottenMs);
  removePeer(engine, peer);
  updateState(engine);
}
