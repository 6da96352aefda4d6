import type { DatabaseStatus, NodeStatus } from '../health';
import { renderHeadline } from '../status/table';

/** What is different about a database, a line a node, for output that cannot be overwritten. */
export function describeChanges(before: DatabaseStatus | undefined, now: DatabaseStatus): string[] {
  const known = new Map(before?.nodes.map((node) => [node.name, describeNode(node)]));
  const nodes = now.nodes.map(describeNode).filter((line, i) => line !== known.get(now.nodes[i]!.name));
  const headline = renderHeadline(now);
  return before && renderHeadline(before) === headline ? nodes : [...nodes, headline];
}

function describeNode({ name, role, state, slots }: NodeStatus): string {
  if (state !== 'up') return `${name} is ${state}`;
  if (role === 'primary') return slots === '' ? `${name} is up, without slots` : `${name} is primary of slots ${slots}`;
  return `${name} is ${role === 'replica' ? 'a replica' : 'up'}`;
}
