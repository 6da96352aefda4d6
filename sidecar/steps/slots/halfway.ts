import type { AgentConfig } from '../../../lib/contract/agent-config';
import { mergeSlots } from '../../slots';
import type { DatabaseView, SlotRange } from '../../view';
import { believes, members, primaryOf, type Member } from '../members';
import { isGone, mayReturn, strangersFor } from '../strangers';
import { everyone } from './everyone';

/** A slot of which some keys may be here and some there: it has been begun, by whomever. */
export interface Halfway {
  readonly slot: number;
  readonly owner: Member;
  /** Where it was going; undefined where that server is away. */
  readonly to?: Member;
  /** That server is gone for good, and what it got with it. */
  readonly lost: boolean;
  /** Id of the other end, as it was written down. */
  readonly id: string;
}

/** `42->id` or `42<-id`, as a server says of a slot of its own, or of one it gets. */
const mark = /^(\d+)(->|<-)(.+)$/;

/**
 * Every slot that is marked at one of its ends, once. What the owner says counts before what others say; who has failed over since
 * is replaced by whoever took its place.
 *
 * Source of the marks: https://valkey.io/commands/cluster-setslot/
 */
export function findHalfway(view: DatabaseView, config: AgentConfig): Halfway[] {
  const all = members(everyone(view));
  const found = new Map<number, Halfway>();
  const primaries = all.filter((member) => member.self.role === 'primary');
  const marks = primaries.flatMap((member) =>
    member.self.openSlots.map((text) => ({ member, parts: mark.exec(text) })),
  );
  for (const wanted of ['->', '<-']) {
    for (const { member, parts } of marks) {
      const [, slot, sign, id = ''] = parts ?? [];
      if (sign !== wanted || found.has(Number(slot))) continue;
      const halfway = resolve({ slot: Number(slot), wanted, id, member }, all, view, config);
      if (halfway) found.set(halfway.slot, halfway);
    }
  }
  return [...found.values()].sort((a, b) => a.slot - b.slot);
}

interface Mark {
  readonly slot: number;
  readonly wanted: string;
  readonly id: string;
  readonly member: Member;
}

function resolve(
  { slot, wanted, id, member }: Mark,
  all: readonly Member[],
  view: DatabaseView,
  config: AgentConfig,
): Halfway | undefined {
  const owner = all.find((other) => other.self.role === 'primary' && includes(other.self.slots, slot));
  if (!owner) return undefined;
  // It owned the slot once, and has not heard yet that it does no more.
  if (wanted === '->' && member !== owner) return undefined;
  // A primary that was replaced finds keys of slots that it no longer has when it starts, and marks them; it is to follow, not to own.
  const head = primaryOf(member.shard, all);
  if (wanted === '<-' && head && head !== member) return undefined;
  if (wanted === '<-' && member.agent?.leftovers?.includes(slot)) return undefined;
  // Only its agent can say whether that is so, and only once it has seen the server run.
  if (wanted === '<-' && member.agent?.server !== 'up') return { slot, owner, lost: false, id: member.cluster.id };
  const to = wanted === '->' ? successorOf(id, all) : member;
  if (to === owner) return { slot, owner, to, lost: false, id };
  const lost = !to && wanted === '->' && isLost(id, all, view, config);
  return { slot, owner, ...(to ? { to } : {}), lost, id };
}

const includes = (ranges: readonly SlotRange[], slot: number): boolean =>
  ranges.some(([first, last]) => first <= slot && slot <= last);

/** The member with that id, or who has taken its place: its own primary by now, or the one of its shard that was its replica. */
function successorOf(id: string, all: readonly Member[]): Member | undefined {
  const member = all.find((other) => other.cluster.id === id);
  if (member) return primaryBehind(member, all);
  const host = all.map((other) => believes(other, id)?.hostname).find((name) => name !== undefined && name !== '');
  const shard = all.find((other) => host !== undefined && shardName(other.self.hostname) === shardName(host))?.shard;
  return all.find((other) => other.shard === shard && other.self.role === 'primary' && other.self.slots.length > 0);
}

/** A replica has what its primary has; only the primary can give or take. */
const primaryBehind = (member: Member, all: readonly Member[]): Member | undefined =>
  member.self.role === 'primary' ? member : all.find((other) => other.cluster.id === member.self.primaryId);

/** `orders-shard-3` of `orders-shard-3-0.orders-headless...` */
const shardName = (host: string): string => host.split('.')[0]!.replace(/-\d+$/, '');

function isLost(id: string, all: readonly Member[], view: DatabaseView, config: AgentConfig): boolean {
  const entries = all.flatMap((member) => believes(member, id) ?? []);
  if (entries.length === 0) return true;
  return strangersFor(view, config).includes(id) && entries.every(isGone) && !mayReturn(id, view);
}

/** The slots of these, as ranges. */
export const slotsIn = (halfway: readonly Halfway[]): SlotRange[] =>
  mergeSlots(halfway.map(({ slot }): SlotRange => [slot, slot]));
