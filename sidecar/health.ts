import type { AgentConfig } from '../lib/contract/agent-config';
import { slotCount } from '../lib/contract/agent-config';
import { memoryFindings, problemFindings, summarize, whyAbsent, type Finding } from './findings';
import type { Progress } from './progress';
import { countSlots, formatSlots, mergeSlots } from './slots';
import { everyone } from './steps/slots/everyone';
import { believes, members, owns, type Member } from './steps/members';
import { whyUnrestored } from './steps/unrestored';
import type { DatabaseView, NodeView, Role, SlotRange } from './view';

/**
 * - `Healthy`: every node serves, every primary has all its replicas in sync.
 * - `Warning`: all is served and every primary has a replica in sync, but something needs a look: memory above 90 %, a primary and its replica
 *   on one host, a users file that is none.
 * - `Degraded`: all is served, but a node is missing or a replica is not in sync: the next failure may cost something.
 * - `Critical`: slots are not served; of a database of one node, that node.
 */
export type Health = 'Healthy' | 'Warning' | 'Degraded' | 'Critical';

/** One row of the status. */
export interface NodeStatus {
  readonly name: string;
  readonly shard: string;
  readonly role: 'primary' | 'replica' | 'none';
  readonly state: 'up' | 'loading' | 'held' | 'down';
  /** `0-5460` */
  readonly slots: string;
  readonly slotCount: number;
  /** Bytes of the replication stream. */
  readonly offset: number;
  /** How far a replica is behind its primary; absent where either does not answer. */
  readonly lagBytes?: number;
  readonly memoryUsedBytes: number;
  /** 0 where there is no limit. */
  readonly memoryMaxBytes: number;
  readonly clients: number;
  readonly host: string;
  readonly zone: string;
  readonly health: Health;
  readonly reasons: readonly string[];
}

/** The status object: printed, published and measured from. */
export interface DatabaseStatus {
  readonly database: string;
  readonly namespace: string;
  readonly engine: string;
  readonly topology: string;
  readonly health: Health;
  readonly reasons: readonly string[];
  readonly nodes: readonly NodeStatus[];
  /** While slots move. Known to the coordinator alone, which publishes it. */
  readonly moving?: Progress;
}

/** Judges what was seen. Pure. */
export function judge(config: AgentConfig, view: DatabaseView): DatabaseStatus {
  const all = members(view);
  const alone = config.topology === 'standalone';
  const nodes = view.nodes.map((node) => (alone ? judgeAlone(node) : judgeMember(node, all)));
  const unrestored = nodes.some(({ state }) => state === 'held') ? whyUnrestored(view, config) : undefined;
  const findings: Finding[] = [
    ...(unrestored === undefined ? [] : [{ health: 'Critical' as const, reason: unrestored }]),
    ...(alone ? [] : clusterFindings(config, all, members(everyone(view)))),
    ...nodes.flatMap(({ name, health, reasons }) => reasons.map((reason) => ({ health, reason: `${name} ${reason}` }))),
  ];
  return {
    database: config.database,
    namespace: config.namespace,
    engine: `${config.engine.name} ${config.engine.version}`,
    topology: config.topology,
    ...summarize(findings),
    nodes,
  };
}

/** @param known all, and those that leave: what they have is served */
function clusterFindings(config: AgentConfig, all: readonly Member[], known: readonly Member[]): Finding[] {
  const served = countSlots(mergeSlots(known.filter(owns).flatMap((member) => member.self.slots)));
  const unserved: Finding[] =
    served < slotCount
      ? [{ health: 'Critical', reason: `${slotCount - served} of ${slotCount} slots are not served` }]
      : [];
  const shards = config.shards.filter(({ nodes }) => nodes.length > 1);
  const together = shards.flatMap((shard): Finding[] => {
    const hosts = all.filter((member) => member.shard === shard.name).flatMap((member) => member.agent?.host ?? []);
    const shared = hosts.length > 1 && new Set(hosts).size === 1 && hosts[0] !== '';
    return shared ? [{ health: 'Warning', reason: `all nodes of shard ${shard.name} are on ${hosts[0]!}` }] : [];
  });
  return [...unserved, ...together];
}

function judgeMember(node: NodeView, all: readonly Member[]): NodeStatus {
  const member = all.find(({ name }) => name === node.name);
  const findings = member ? memberFindings(member, all) : [{ health: 'Degraded' as const, reason: whyAbsent(node) }];
  const lagBytes = member && lagOf(member, all);
  return {
    ...describeNode(node, member?.self),
    ...(lagBytes === undefined ? {} : { lagBytes }),
    ...summarize(findings),
  };
}

/** A database of one node. */
function judgeAlone(node: NodeView): NodeStatus {
  const { server, ending } = node;
  const serves = server.state === 'up' && !server.loading && !ending;
  const role = server.state === 'up' ? { role: server.role, slots: [] } : undefined;
  const findings: readonly Finding[] = serves
    ? [...problemFindings(node.agent), ...memoryFindings(server)]
    : [{ health: 'Critical', reason: whyAbsent(node) }];
  return { ...describeNode(node, serves ? role : undefined), ...summarize(findings) };
}

/** @param place what it is to its shard; undefined where it is nothing now */
function describeNode(
  node: NodeView,
  place: { readonly role: Role; readonly slots: readonly SlotRange[] } | undefined,
): Omit<NodeStatus, 'health' | 'reasons' | 'lagBytes'> {
  const server = node.server.state === 'up' ? node.server : undefined;
  const slots = place?.role === 'primary' ? place.slots : [];
  return {
    name: node.name,
    shard: node.shard,
    role: place?.role ?? 'none',
    state: place ? 'up' : server?.loading ? 'loading' : node.agent?.server === 'held' ? 'held' : 'down',
    slots: formatSlots(slots),
    slotCount: countSlots(slots),
    offset: server?.offset ?? 0,
    memoryUsedBytes: server?.usedMemoryBytes ?? 0,
    memoryMaxBytes: server?.maxMemoryBytes ?? 0,
    clients: server?.connectedClients ?? 0,
    host: node.agent?.host ?? '',
    zone: node.agent?.zone ?? '',
  };
}

function memberFindings(member: Member, all: readonly Member[]): Finding[] {
  const { server, self, cluster } = member;
  const findings: Finding[] = [];
  const say = (health: Health, reason: string) => findings.push({ health, reason });
  if (!cluster.ok) say('Degraded', 'does not report cluster_state:ok');
  if (member.ending) say('Degraded', 'is ending');
  if (self.role === 'primary' && self.slots.length === 0) say('Degraded', 'is in no shard yet');
  if (self.role === 'replica' && !server.linkUp) say('Degraded', 'is not in sync with its primary');
  const unknown = all.filter((other) => other !== member && !believes(member, other.cluster.id));
  if (unknown.length > 0) say('Degraded', `does not know ${unknown.map(({ name }) => name).join(', ')} yet`);
  return [...findings, ...problemFindings(member.agent), ...memoryFindings(server)];
}

function lagOf(member: Member, all: readonly Member[]): number | undefined {
  if (member.self.role === 'primary') return undefined;
  const primary = all.find((other) => other.cluster.id === member.self.primaryId);
  return primary && Math.max(0, primary.server.offset - member.server.offset);
}
