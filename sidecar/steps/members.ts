import { remember } from '../remember';
import { countSlots, mergeSlots, subtractSlots } from '../slots';
import type { Address, AgentReport, ClusterView, DatabaseView, NodeView, ServerUp, TableEntry } from '../view';

/** A node whose server answers and knows itself: the only kind a step may act on. */
export interface Member {
  readonly name: string;
  readonly shard: string;
  readonly address: Address;
  readonly agent?: AgentReport;
  readonly ending: boolean;
  readonly fenced?: string;
  readonly server: ServerUp;
  readonly cluster: ClusterView;
  /** Its own line in its own table, without slots that it has lost to another member. */
  readonly self: TableEntry;
  /** It claims slots that another member owns under a higher config epoch, and has not heard of that yet. */
  readonly outdated: boolean;
}

/**
 * The members, in the order of the configuration. Each is vouched for, by its own agent or by another member that knows its id:
 * at an address that has changed hands answers a server of somebody else. Every step asks, and each look is weighed once.
 */
export const members: (view: DatabaseView) => readonly Member[] = remember(weigh);

function weigh(view: DatabaseView): Member[] {
  const answering = view.nodes.flatMap((node) => toMember(node) ?? []);
  const vouched = answering.filter(
    (member) =>
      member.agent !== undefined || answering.some((other) => other !== member && believes(other, member.cluster.id)),
  );
  return isDisputed(vouched) ? vouched.map((member) => withoutLostSlots(member, vouched)) : vouched;
}

/** Some slot is claimed by two. */
function isDisputed(all: readonly Member[]): boolean {
  const claimed = all.flatMap(({ self }) => self.slots);
  return countSlots(mergeSlots(claimed)) < countSlots(claimed);
}

/** A slot that two claim is the one's with the higher config epoch: https://valkey.io/topics/cluster-spec/#hash-slots-configuration-propagation */
function withoutLostSlots(member: Member, all: readonly Member[]): Member {
  const winners = all.filter((other) => owns(other) && other.self.configEpoch > member.self.configEpoch);
  const slots = subtractSlots(
    member.self.slots,
    winners.flatMap((other) => other.self.slots),
  );
  const outdated = countSlots(slots) < countSlots(member.self.slots);
  return outdated ? { ...member, self: { ...member.self, slots }, outdated } : member;
}

function toMember(node: NodeView): Member | undefined {
  const { server, address } = node;
  if (server.state !== 'up' || server.loading || !server.cluster || !address) return undefined;
  const self = server.cluster.table.find((entry) => entry.myself);
  if (!self) return undefined;
  const { name, shard, agent, ending, fenced } = node;
  const marks = { ending, ...(fenced === undefined ? {} : { fenced }) };
  const known = { name, shard, address, ...marks, ...(agent ? { agent } : {}) };
  return { ...known, server, cluster: server.cluster, self, outdated: false };
}

/** Nodes of the configuration that are no members now. */
export function absent(view: DatabaseView): NodeView[] {
  const present = new Set(members(view).map((member) => member.name));
  return view.nodes.filter((node) => !present.has(node.name));
}

/** Has slots of its own. */
export const owns = (member: Member): boolean => member.self.role === 'primary' && member.self.slots.length > 0;

/** How many slots it serves. */
export const slotsOf = (member: Member): number => countSlots(member.self.slots);

/** What one member believes of another. A handshake does not count: its id is made up. */
export const believes = (member: Member, id: string): TableEntry | undefined =>
  member.cluster.table.find((entry) => entry.id === id && !entry.handshake);

/**
 * Whether the entry says where the member really is. A link says nothing: it counts as connected while it is being opened, also to an
 * address where nobody answers any more.
 */
export const isInPlace = ({ ip, bus }: TableEntry, { address }: Member): boolean =>
  ip === address.ip && bus === address.bus;

/** The member that serves a shard's slots; of several the one with the most. */
export const primaryOf = (shard: string, all: readonly Member[]): Member | undefined => primariesOf(all).get(shard);

/** By shard: every step asks for every shard. */
const primariesOf = remember((all: readonly Member[]): ReadonlyMap<string, Member> => {
  const found = new Map<string, Member>();
  for (const member of all.filter(owns)) {
    const other = found.get(member.shard);
    if (!other || slotsOf(member) > slotsOf(other)) found.set(member.shard, member);
  }
  return found;
});

/**
 * Why a member must go on following its primary, or undefined where it may be given another one.
 * The primary may be dead, and the member the only copy of its slots.
 */
export function whyKeepFollowing(member: Member, all: readonly Member[]): string | undefined {
  const { primaryId } = member.self;
  if (member.self.role === 'primary' || primaryId === undefined) return undefined;
  const primary = believes(member, primaryId);
  const alive = all.some((other) => other.cluster.id === primaryId);
  if (alive || !primary || primary.slots.length === 0) return undefined;
  return `${member.name} may hold the only copy of the slots of ${primaryId}`;
}

/** Shard names in the order of the configuration. */
export const shardsOf = (view: DatabaseView): string[] => [...new Set(view.nodes.map((node) => node.shard))];
