import type { Health } from './health';
import type { NodeView, ServerUp } from './view';

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
  return agent?.server === 'held' ? 'is held' : `does not answer: ${server.reason}`;
}

/** A server with little room left. */
export function memoryFindings({ maxMemoryBytes, usedMemoryBytes }: ServerUp): Finding[] {
  const share = maxMemoryBytes > 0 ? usedMemoryBytes / maxMemoryBytes : 0;
  if (share <= memoryWarningShare) return [];
  return [{ health: 'Warning', reason: `uses ${Math.round(share * 100)} % of its memory` }];
}
