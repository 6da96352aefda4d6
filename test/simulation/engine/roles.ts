import { mergeSlots, subtractSlots } from '../../../sidecar/slots';
import type { SlotRange } from '../../../sidecar/view';
import { stopHandover } from './handover';
import { votes, type Engine, type Peer } from './state';

/** The slots in both. */
const common = (a: readonly SlotRange[], b: readonly SlotRange[]): SlotRange[] => subtractSlots(a, subtractSlots(a, b));

/** Every slot that somebody owns, as this server sees it. */
export const ownedSlots = (engine: Engine): SlotRange[] => engine.peers.list.flatMap((peer) => peer.slots);

/** Makes the peer the owner of these slots, whoever had them. */
export function giveSlots(engine: Engine, peer: Peer, slots: readonly SlotRange[]): void {
  for (const other of engine.peers.values()) {
    if (other !== peer && common(other.slots, slots).length > 0) other.slots = subtractSlots(other.slots, slots);
  }
  peer.slots = mergeSlots([...peer.slots, ...slots]);
}

/** clusterSetNodeAsPrimary */
export function becomePrimary(peer: Peer): void {
  peer.role = 'primary';
  peer.primaryId = undefined;
}

/** clusterSetPrimary: this server follows another from now on. */
export function followPrimary(engine: Engine, primary: Peer, full: boolean): void {
  const { myself } = engine;
  myself.role = 'replica';
  myself.primaryId = primary.id;
  myself.shardId = primary.shardId;
  engine.around.follow(primary.ip === '' ? undefined : primary.ip, full);
  stopHandover(engine);
  engine.election.at = -Infinity;
}

/**
 * Takes in what a primary claims under its config epoch: a slot goes to whoever claims it under the higher one. A primary that
 * loses its last slot to a node of its own shard follows that node, and so do its replicas. Nobody's word counts for a slot that is on its
 * way here.
 *
 * clusterUpdateSlotsConfigWith
 */
export function acceptClaims(engine: Engine, claimant: Peer, epoch: number, said: readonly SlotRange[]): void {
  const { myself, peers } = engine;
  if (claimant === myself || claimant.slots === said) return;
  const claims = engine.importing.size === 0 ? said : subtractSlots(said, importedSlots(engine));
  const present = myself.primaryId === undefined ? myself : peers.get(myself.primaryId);
  let lost = false;
  let ceded: readonly SlotRange[] = [];
  let won = subtractSlots(claims, ownedSlots(engine));
  for (const owner of peers.values()) {
    if (owner === claimant || owner.configEpoch >= epoch) continue;
    const taken = common(owner.slots, claims);
    if (taken.length === 0) continue;
    if (owner === present) lost = true;
    if (owner === myself) ceded = taken;
    owner.slots = subtractSlots(owner.slots, taken);
    won = [...won, ...taken];
  }
  if (won.length > 0) claimant.slots = mergeSlots([...claimant.slots, ...won]);
  if (same(claimant.slots, claims)) claimant.slots = claims;
  const sameShard = claimant.shardId === myself.shardId;
  if (lost && sameShard && present?.slots.length === 0) followPrimary(engine, claimant, false);
  else if (ceded.length > 0) engine.around.dropKeys(ceded, claimant.hostname);
}

const importedSlots = ({ importing }: Engine): SlotRange[] =>
  mergeSlots([...importing.keys()].map((slot): SlotRange => [slot, slot]));

const same = (a: readonly SlotRange[], b: readonly SlotRange[]): boolean =>
  a.length === b.length && a.every(([first, last], index) => first === b[index]![0] && last === b[index]![1]);

/** The owner of one of these slots that has a higher config epoch than the one who claims them. */
export const outdatedBy = (
  engine: Engine,
  claimant: Peer,
  epoch: number,
  claims: readonly SlotRange[],
): Peer | undefined =>
  claimant.slots === claims
    ? undefined
    : engine.peers.list.find(
        (owner) => owner !== claimant && owner.configEpoch > epoch && common(owner.slots, claims).length > 0,
      );

/** How long a primary that has just started refuses writes, so that it can learn that it is none any more. Milliseconds. */
const writableDelayMs = 2000;

/** `cluster_state`, with `cluster-require-full-coverage no`. clusterUpdateState */
export function updateState(engine: Engine): void {
  const { myself, now } = engine;
  if (myself.role === 'primary' && !engine.ok && now - engine.startedAt < writableDelayMs) return;
  const voters = engine.peers.list.filter(votes);
  engine.size = voters.length;
  const reached = voters.filter((peer) => !peer.suspected && !peer.failed).length;
  const ok = reached >= Math.floor(voters.length / 2) + 1;
  if (!ok) engine.minorityAt = now;
  if (ok === engine.ok) return;
  const rejoinDelayMs = Math.min(5000, Math.max(500, engine.nodeTimeoutMs));
  if (ok && myself.role === 'primary' && now - engine.minorityAt < rejoinDelayMs) return;
  engine.ok = ok;
}
