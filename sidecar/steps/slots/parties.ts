import type { Place } from '../../action-slots';
import { believes, slotsOf, owns, members, primaryOf, type Member } from '../members';
import type { DatabaseView, SlotRange } from '../../view';
import { everyone, stayingShards } from './everyone';
import { founderOf } from './founder';

/** A server that has slots, or is to get some. */
export interface Party {
  readonly member: Member;
  readonly slots: readonly SlotRange[];
  /** False for one that gives all it has away. */
  readonly stays: boolean;
  /** Its shard goes. */
  readonly leaves: boolean;
  /** Why it can be given no slots now; undefined where it can. */
  readonly unready?: string;
}

/** Those whom slots go from and to. */
export interface Parties {
  readonly all: readonly Party[];
  /** Why shards cannot be balanced now; those that leave can be drained. */
  readonly why?: string;
}

/**
 * The primary of each shard that stays, by the role it has now, and every other server that owns slots: of a shard that leaves, or
 * beside the primary of its own.
 */
export function findParties(view: DatabaseView): Parties {
  const known = members(everyone(view));
  const staying = stayingShards(view);
  const chosen = staying.map((shard) => ({
    shard,
    member: primaryOf(shard, known) ?? founderOf(shard, view),
  }));
  const headless = chosen.find(({ member }) => !member);
  const receivers = chosen.flatMap(({ member }) => (member ? [toParty(member, known, true)] : []));
  const givers = known.filter((member) => owns(member) && !receivers.some((party) => party.member === member));
  const leaves = (member: Member) => !staying.includes(member.shard);
  const all = [...receivers, ...givers.map((member) => ({ ...toParty(member, known, false), leaves: leaves(member) }))];
  return headless ? { all, why: `shard ${headless.shard} has no primary` } : { all };
}

function toParty(member: Member, known: readonly Member[], stays: boolean): Party {
  const unready = whyUnready(member, known);
  return { member, slots: member.self.slots, stays, leaves: false, ...(unready === undefined ? {} : { unready }) };
}

/** Keys that arrive must have a second copy at once, where the shard is to have one. */
function whyUnready(member: Member, known: readonly Member[]): string | undefined {
  if (member.ending) return `${member.name} is ending`;
  if (member.agent?.server !== 'up') return `the agent of ${member.name} has not seen its server run`;
  // One that has just met the others turns every key away, as it would its clients.
  if (!member.cluster.ok) return `${member.name} does not call its cluster whole yet`;
  if (member.agent.leftovers) return `${member.name} came back with keys of slots that others own`;
  // A claim of somebody who is nobody to them goes unheard.
  const stranger = known.find((other) => other !== member && !believes(other, member.cluster.id));
  if (stranger) return `${stranger.name} does not know ${member.name} yet`;
  const mates = known.filter((other) => other.shard === member.shard && other.name !== member.name);
  const synced = mates.some((mate) => mate.self.primaryId === member.cluster.id && mate.server.linkUp);
  return mates.length === 0 || synced ? undefined : `${member.name} has no replica in sync yet`;
}

/** Where a member is, for an action. */
export const placeOf = ({ name, cluster, self, address }: Member): Place => ({
  node: name,
  id: cluster.id,
  host: self.hostname,
  at: address,
});

/** Bytes that go with so many of a member's slots, as if all were alike. */
export const bytesOf = (member: Member, slots: number): number =>
  slotsOf(member) === 0 ? 0 : Math.ceil((member.server.usedMemoryBytes * slots) / slotsOf(member));
