import { countSlots } from '../slots';
import type { Address, AgentReport, ClusterView, DatabaseView, NodeView, ServerUp, TableEntry } from '../view';

/** A node whose server answers and knows itself: the only kind a step may act on. */
export interface Member {
  readonly name: string;
  readonly shard: string;
  readonly address: Address;
  readonly agent?: AgentReport;
  readonly ending: boolean;
  readonly server: ServerUp;
  readonly cluster: ClusterView;
  /** Its own line in its own table. */
  readonly self: TableEntry;
}

/**
 * The members, in the order of the configuration. Each is vouched for, by its own agent or by another member that knows its id:
 * at an address that has changed hands answers a server of somebody else.
 */
export function members(view: DatabaseView): Member[] {
  const answering = view.nodes.flatMap((node) => toMember(node) ?? []);
  return answering.filter(
    (member) =>
      member.agent !== undefined || answering.some((other) => other !== member && believes(other, member.cluster.id)),
  );
}

function toMember(node: NodeView): Member | undefined {
  const { server, address } = node;
  if (server.state !== 'up' || server.loading || !server.cluster || !address) return undefined;
  const self = server.cluster.table.find((entry) => entry.myself);
  if (!self) return undefined;
  const { name, shard, agent, ending } = node;
  return { name, shard, address, ending, ...(agent ? { agent } : {}), server, cluster: server.cluster, self };
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

/** The member that serves a shard's slots; of several the one with the most. */
export function primaryOf(shard: string, all: readonly Member[]): Member | undefined {
  const owners = all.filter((member) => member.shard === shard && owns(member));
  return owners.sort((a, b) => slotsOf(b) - slotsOf(a))[0];
}

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
