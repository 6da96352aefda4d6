import { hasRecord } from '../lib/contract/engines';
import type { AgentConfig } from '../lib/contract/agent-config';
import { slotCount } from '../lib/contract/slot-count';
import {
  floorFindings,
  lagFrom,
  memoryFindings,
  problemFindings,
  rolloutFindings,
  skewFindings,
  summarize,
  volumeFindings,
  whyAbsent,
  type Finding,
} from './findings';
import { mateFindings, meshFindings, meshLag } from './health-mesh';
import { judgeDrain, type DrainStatus } from './drain';
import { judgeSource, sourceFindings, type SourceStatus } from './health-source';
import { judgeSentinels, sentinelFindings, type SentinelsStatus } from './health-sentinels';
import { findingsOfAll, judgeReplicated } from './health-replicated';
import type { Progress } from './view-slots';
import { countSlots, formatSlots, mergeSlots } from './slots';
import { whyPaused } from './pause';
import { everyone, isDrained } from './steps/slots/everyone';
import { gapsAmong } from './steps/gaps';
import { isInPlace, members, owns, type Member } from './steps/members';
import { whyUnrestored } from './steps/restore';
import { unawareOf } from './steps/unaware';
import type { DatabaseView, NodeView, Role, SlotRange } from './view';

/**
 * - `Healthy`: every node serves, every primary has all its replicas in sync.
 * - `Warning`: all is served and every primary has a replica in sync, but something needs a look: memory above 90 %, all nodes of a shard
 *   on one host, a users file that is none.
 * - `Degraded`: all is served, but a node is missing or a replica is not in sync: the next failure may cost something.
 * - `Critical`: slots are not served; of a database of one node, that node; of a primary and its replicas, the primary; of a mesh, every
 *   node, or nodes take writes that others do not receive on any way.
 */
export type Health = 'Healthy' | 'Warning' | 'Degraded' | 'Critical';

/** One row of the status. */
export interface NodeStatus {
  readonly name: string;
  readonly shard: string;
  readonly role: 'primary' | 'replica' | 'none';
  readonly state: 'up' | 'loading' | 'held' | 'fenced' | 'down';
  /** `0-5460` */
  readonly slots: string;
  readonly slotCount: number;
  /** Bytes of the replication stream. */
  readonly offset: number;
  /** How far a replica is behind its primary, or a node of a mesh behind another; absent where either does not answer. */
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
  /** Why the agents do nothing, where they are paused; the health is what it is. */
  readonly paused?: string;
  readonly health: Health;
  readonly reasons: readonly string[];
  readonly nodes: readonly NodeStatus[];
  /** In `sentinel`. */
  readonly sentinels?: SentinelsStatus;
  /** Where the spec names a primary elsewhere, or it is still followed. */
  readonly source?: SourceStatus;
  /** In `cluster`, while shards leave. */
  readonly drain?: DrainStatus;
  /** While slots move, as their coordinator says. */
  readonly moving?: Progress;
}

/** Judges what was seen. Pure. */
export function judge(config: AgentConfig, view: DatabaseView): DatabaseStatus {
  const all = members(view);
  const byName = new Map(all.map((member) => [member.name, member]));
  const { topology } = config;
  const judgeNode = (node: NodeView): NodeStatus => {
    if (topology === 'standalone') return judgeAlone(node);
    if (hasRecord(topology)) return judgeCopy(node, view);
    return topology === 'multi-master' ? judgeMate(node, view, config) : judgeMember(node, byName.get(node.name), view);
  };
  const nodes = view.nodes.map(judgeNode);
  const unrestored = nodes.some(({ state }) => state === 'held') ? whyUnrestored(view, config) : undefined;
  const sentinels = judgeSentinels(config, view);
  const source = judgeSource(config, view);
  const findings: Finding[] = [
    ...(unrestored === undefined ? [] : [{ health: 'Critical' as const, reason: unrestored }]),
    ...(topology === 'cluster' ? clusterFindings(members(everyone(view))) : []),
    ...(hasRecord(topology) ? findingsOfAll(view) : []),
    ...(topology === 'multi-master' ? meshFindings(view) : []),
    ...sentinelFindings(sentinels),
    ...sourceFindings(source),
    ...sharedHosts(config, view),
    ...rolloutFindings(view),
    ...skewFindings(view, config),
    ...volumeFindings(view, config),
    ...all.filter(owns).flatMap((member) => floorFindings(member, config)),
    ...nodes.flatMap(({ name, health, reasons }) => reasons.map((reason) => ({ health, reason: `${name} ${reason}` }))),
  ];
  const drain = judgeDrain(view, config);
  const paused = view.paused ?? whyPaused(config, {});
  const moving = view.nodes.find(({ agent }) => agent?.moving)?.agent?.moving;
  return {
    database: config.database,
    namespace: config.namespace,
    engine: `${config.engine.name} ${config.engine.version}`,
    topology: config.topology,
    ...(paused === undefined ? {} : { paused }),
    ...summarize(findings),
    nodes,
    ...(sentinels ? { sentinels } : {}),
    ...(source ? { source } : {}),
    ...(drain ? { drain } : {}),
    ...(moving ? { moving } : {}),
  };
}

/** @param known those that leave too: what they have is served */
function clusterFindings(known: readonly Member[]): Finding[] {
  const served = countSlots(mergeSlots(known.filter(owns).flatMap((member) => member.self.slots)));
  const unserved: Finding[] =
    served < slotCount
      ? [{ health: 'Critical', reason: `${slotCount - served} of ${slotCount} slots are not served` }]
      : [];
  return unserved;
}

/** Nodes of a shard that answer, and would all be lost with one host. */
function sharedHosts(config: AgentConfig, { nodes }: DatabaseView): Finding[] {
  return config.shards.flatMap((shard): Finding[] => {
    const up = nodes.filter((node) => node.shard === shard.name && node.server.state === 'up');
    const hosts = up.flatMap(({ agent }) => agent?.host ?? []);
    const shared = hosts.length > 1 && new Set(hosts).size === 1 && hosts[0] !== '';
    return shared ? [{ health: 'Warning', reason: `all nodes of shard ${shard.name} are on ${hosts[0]!}` }] : [];
  });
}

/** A primary or a replica of one. */
function judgeCopy(node: NodeView, view: DatabaseView): NodeStatus {
  const { role, findings, lagBytes } = judgeReplicated(node, view);
  return {
    ...describeNode(node, role && { role, slots: [] }),
    ...(lagBytes === undefined ? {} : { lagBytes }),
    ...summarize(findings),
  };
}

function judgeMember(node: NodeView, member: Member | undefined, view: DatabaseView): NodeStatus {
  const all = members(view);
  const findings = member ? memberFindings(member, view) : [{ health: 'Degraded' as const, reason: whyAbsent(node) }];
  const lagBytes = member && lagOf(member, all);
  return {
    ...describeNode(node, member?.self),
    ...(lagBytes === undefined ? {} : { lagBytes }),
    ...summarize(findings),
  };
}

/** A node of a mesh: each is a primary. */
function judgeMate(node: NodeView, view: DatabaseView, config: AgentConfig): NodeStatus {
  const { server } = node;
  const lagBytes = meshLag(node, view);
  return {
    ...describeNode(node, server.state === 'up' && !server.loading ? { role: server.role, slots: [] } : undefined),
    ...(lagBytes === undefined ? {} : { lagBytes }),
    ...summarize(mateFindings(node, view, config)),
  };
}

/** A database of one node. */
function judgeAlone(node: NodeView): NodeStatus {
  const { server, ending } = node;
  const serves = server.state === 'up' && !server.loading && !ending;
  const follows = server.state === 'up' && server.copy?.source !== undefined;
  const role = server.state === 'up' ? { role: follows ? ('replica' as const) : server.role, slots: [] } : undefined;
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
    state: place ? 'up' : stateOfSilent(node),
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

function stateOfSilent({ server, agent, fenced }: NodeView): NodeStatus['state'] {
  // One that does not answer in time may still be writing its files, with its port open.
  if (fenced !== undefined && server.state !== 'unreachable') return server.state === 'up' ? 'up' : 'fenced';
  if (server.state === 'up' && server.loading) return 'loading';
  return agent?.server === 'held' ? 'held' : 'down';
}

function memberFindings(member: Member, view: DatabaseView): Finding[] {
  const all = members(view);
  const { server, self, cluster, shard } = member;
  const findings: Finding[] = [];
  const say = (health: Health, reason: string) => findings.push({ health, reason });
  if (!cluster.ok) say('Degraded', 'does not report cluster_state:ok');
  if (unawareOf(view).includes(member)) say('Degraded', 'has not heard yet who owns every slot');
  if (member.ending) say('Degraded', whyAbsent(member));
  const empty = self.role === 'primary' && self.slots.length === 0;
  if (empty && !isDrained(view, shard)) say('Degraded', 'is in no shard yet');
  if (self.role === 'replica' && !server.linkUp) say('Degraded', 'is not in sync with its primary');
  const others = gapsAmong(all).filter((gap) => gap.member === member);
  const unknown = others.filter(({ entry }) => !entry);
  if (unknown.length > 0) say('Degraded', `does not know ${namesOf(unknown)} yet`);
  const misled = others.filter(({ other, entry }) => entry && !isInPlace(entry, other));
  if (misled.length > 0) say('Degraded', `sends clients of ${namesOf(misled)} to an old address`);
  return [...findings, ...problemFindings(member.agent), ...memoryFindings(server)];
}

const namesOf = (others: readonly { readonly other: Member }[]): string =>
  others.map(({ other }) => other.name).join(', ');

function lagOf(member: Member, all: readonly Member[]): number | undefined {
  if (member.self.role === 'primary') return undefined;
  const primary = all.find((other) => other.cluster.id === member.self.primaryId);
  return primary && lagFrom(primary.server, member.server);
}
