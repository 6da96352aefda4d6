import type { Health } from './health';
import type { AgentReport, NodeView, ServerUp } from './view';

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
  if (node.ending) return 'is ending';
  if (server.state === 'up') return server.loading ? 'is loading its data' : 'is not vouched for by its agent';
  const problem = agent?.problem === undefined ? '' : `: ${agent.problem}`;
  return agent?.server === 'held' ? `is held${problem}` : `does not answer: ${server.reason}`;
}

/** What keeps a server that runs from starting again. */
export const problemFindings = (agent: AgentReport | undefined): Finding[] =>
  agent?.problem === undefined ? [] : [{ health: 'Warning', reason: `would not start again: ${agent.problem}` }];

/** A server with little room left. */
export function memoryFindings({ maxMemoryBytes, usedMemoryBytes }: ServerUp): Finding[] {
  const share = maxMemoryBytes > 0 ? usedMemoryBytes / maxMemoryBytes : 0;
  if (share <= memoryWarningShare) return [];
  return [{ health: 'Warning', reason: `uses ${Math.round(share * 100)} % of its memory` }];
}
