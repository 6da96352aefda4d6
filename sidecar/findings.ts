import type { AgentConfig } from '../lib/contract/agent-config';
import { formatBytes } from '../lib/contract/quantity';
import type { Health } from './health';
import type { Member } from './steps/members';
import { isChanging, isStopped } from './steps/rollout/sets';
import { whySkewed } from './steps/rollout/skew';
import type { AgentReport, DatabaseView, NodeView, ServerUp } from './view';

/** Something to say of a node, and how bad it is. */
export interface Finding {
  readonly health: Health;
  readonly reason: string;
}

/** Share of `maxmemory` above which a node is a `Warning`. */
const memoryWarningShare = 0.9;

const ranks: readonly Health[] = ['Healthy', 'Warning', 'Degraded', 'Critical'];

/** The worst of it, and all of it. */
export function summarize(findings: readonly Finding[]): { health: Health; reasons: string[] } {
  const rank = Math.max(0, ...findings.map(({ health }) => ranks.indexOf(health)));
  return { health: ranks[rank]!, reasons: findings.map(({ reason }) => reason) };
}

/** Why a node does not serve. */
export function whyAbsent(node: NodeView): string {
  const { server, agent } = node;
  if (node.fenced !== undefined)
    return `${server.state === 'absent' ? 'is fenced' : 'is to be fenced'}: ${node.fenced}`;
  if (node.ending) return 'is ending';
  if (server.state === 'up') return server.loading ? 'is loading its data' : 'is not vouched for by its agent';
  const problem = agent?.problem === undefined ? '' : `: ${agent.problem}`;
  return agent?.server === 'held' ? `is held${problem}` : `does not answer: ${server.reason}`;
}

/** What keeps a server that runs from starting again, what it would have if it did, and what else its agent has to say. */
export const problemFindings = (agent: AgentReport | undefined): Finding[] => [
  ...(agent?.problem === undefined ? [] : [warning(`would not start again: ${agent.problem}`)]),
  ...(agent?.warnings ?? []).map(warning),
  ...(agent?.missingModules ?? []).map((module) => warning(`has not loaded the module ${module}`)),
  ...(agent?.atStart ? [warning(`has to start anew for a change of ${agent.atStart.join(', ')}`)] : []),
];

const warning = (reason: string): Finding => ({ health: 'Warning', reason });

/** How far a replica is behind. Bytes. */
export const lagFrom = (primary: Pick<ServerUp, 'offset'>, replica: Pick<ServerUp, 'offset'>): number =>
  Math.max(0, primary.offset - replica.offset);

/** A server with little room left. */
export function memoryFindings({ maxMemoryBytes, usedMemoryBytes }: ServerUp): Finding[] {
  const share = maxMemoryBytes > 0 ? usedMemoryBytes / maxMemoryBytes : 0;
  if (share <= memoryWarningShare) return [];
  return [{ health: 'Warning', reason: `uses ${Math.round(share * 100)} % of its memory` }];
}

/** Roll-outs that have failed. */
export const rolloutFindings = ({ sets = [] }: DatabaseView): Finding[] =>
  sets.filter(isStopped).map(({ name, stopped }) => {
    const { node, check, says, back, log } = stopped!;
    const then = back ? 'is what it was again' : 'stays, as what it was cannot read what its primary writes by now';
    const last = log === '' ? '' : `; its log: ${log}`;
    return warning(
      `the roll-out of ${name} has stopped until the spec changes: ${node} failed "${check}" and ${then}: ${says}${last}`,
    );
  });

/** Roll-outs that cannot work. */
export const skewFindings = (view: DatabaseView, config: AgentConfig): Finding[] =>
  (view.sets ?? []).filter(isChanging).flatMap((set) => {
    const skew = whySkewed(set, view, config);
    return skew === undefined ? [] : [warning(`the roll-out of ${set.name} waits until the spec changes: ${skew}`)];
  });

/** Volumes that are smaller than the spec says. */
export const volumeFindings = ({ claims = [] }: DatabaseView, { volumeBytes = 0 }: AgentConfig): Finding[] =>
  claims.flatMap(({ node, requested, capacity, says }) => {
    if (Math.min(requested, capacity) >= volumeBytes) return [];
    const why =
      requested < volumeBytes
        ? 'its claim asks for no more yet, which takes a StorageClass with allowVolumeExpansion'
        : (says ?? 'its storage says nothing of it yet');
    const has = `the volume of ${node} has ${formatBytes(capacity)} of ${formatBytes(volumeBytes)}`;
    return [warning(`${has}: ${why}`)];
  });

/** A primary that was told to take writes without its only replica. */
export function floorFindings({ name, cluster }: Member, { minReplicasToWrite = 0 }: AgentConfig): Finding[] {
  if (cluster.replicasToWrite >= minReplicasToWrite) return [];
  const reason = `${name} takes writes that fewer than ${minReplicasToWrite} replicas have, while one of its shard restarts`;
  return [warning(reason)];
}
