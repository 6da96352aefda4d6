import type { AgentConfig } from '../lib/contract/agent-config';
import { slotCount } from '../lib/contract/agent-config';
import type { Progress } from './progress';
import { countSlots, formatSlots, mergeSlots } from './slots';
import { everyone } from './steps/slots/everyone';
import { believes, members, owns, type Member } from './steps/members';
import type { DatabaseView, NodeView } from './view';

/**
 * - `Healthy`: every node serves, every primary has all its replicas in sync.
 * - `Warning`: all is served and every primary has a replica in sync, but something needs a look: memory above 90 %, a primary and its replica
 *   on one host.
 * - `Degraded`: all is served, but a node is missing or a replica is not in sync: the next failure may cost something.
 * - `Critical`: slots are not served.
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

/** Share of `maxmemory` above which a node is a `Warning`. */
const memoryWarningShare = 0.9;

const ranks: readonly Health[] = ['Healthy', 'Warning', 'Degraded', 'Critical'];

interface Finding {
  readonly health: Health;
  readonly reason: string;
}

/** Judges what was seen. Pure. */
export function judge(config: AgentConfig, view: DatabaseView): DatabaseStatus {
  const all = members(view);
  const nodes = view.nodes.map((node) => judgeNode(node, all));
  const findings = [
    ...clusterFindings(config, all, members(everyone(view))),
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

function summarize(findings: readonly Finding[]): { health: Health; reasons: string[] } {
  const rank = Math.max(0, ...findings.map(({ health }) => ranks.indexOf(health)));
  return { health: ranks[rank]!, reasons: findings.map(({ reason }) => reason) };
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

function judgeNode(node: NodeView, all: readonly Member[]): NodeStatus {
  const member = all.find(({ name }) => name === node.name);
  const server = node.server.state === 'up' ? node.server : undefined;
  const findings = member ? memberFindings(member, all) : [{ health: 'Degraded' as const, reason: whyAbsent(node) }];
  const slots = member?.self.role === 'primary' ? member.self.slots : [];
  const lagBytes = member && lagOf(member, all);
  return {
    name: node.name,
    shard: node.shard,
    role: member?.self.role ?? 'none',
    state: member ? 'up' : server?.loading ? 'loading' : node.agent?.server === 'held' ? 'held' : 'down',
    slots: formatSlots(slots),
    slotCount: countSlots(slots),
    offset: server?.offset ?? 0,
    ...(lagBytes === undefined ? {} : { lagBytes }),
    memoryUsedBytes: server?.usedMemoryBytes ?? 0,
    memoryMaxBytes: server?.maxMemoryBytes ?? 0,
    clients: server?.connectedClients ?? 0,
    host: node.agent?.host ?? '',
    zone: node.agent?.zone ?? '',
    ...summarize(findings),
  };
}

function whyAbsent(node: NodeView): string {
  const { server, agent } = node;
  if (node.ending) return 'is ending';
  if (server.state === 'up') return server.loading ? 'is loading its data' : 'is not vouched for by its agent';
  return agent?.server === 'held' ? 'is held' : `does not answer: ${server.reason}`;
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
  const share = server.maxMemoryBytes > 0 ? server.usedMemoryBytes / server.maxMemoryBytes : 0;
  if (share > memoryWarningShare) say('Warning', `uses ${Math.round(share * 100)} % of its memory`);
  return findings;
}

function lagOf(member: Member, all: readonly Member[]): number | undefined {
  if (member.self.role === 'primary') return undefined;
  const primary = all.find((other) => other.cluster.id === member.self.primaryId);
  return primary && Math.max(0, primary.server.offset - member.server.offset);
}
