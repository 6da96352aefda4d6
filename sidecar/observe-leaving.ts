import type { AgentConfig } from '../lib/contract/agent-config';
import { leavingNode, type NodeInShard } from './own-node';
import type { Address, NodeView, TableEntry } from './view';

/** A node that the servers know and the configuration no longer has. */
export interface LeavingNode extends NodeInShard {
  readonly id: string;
  /** Where the others believe it to be; absent where they have lost it. */
  readonly address?: Address;
}

/**
 * Whom the servers' own tables name as a node of a shard that has left the configuration: until it owns nothing it is part of the
 * database, and nothing else tells of it any more.
 */
export function findLeaving(nodes: readonly NodeView[], config: AgentConfig): LeavingNode[] {
  const tables = nodes.flatMap(({ server }) => (server.state === 'up' && server.cluster ? [server.cluster.table] : []));
  const found = new Map<string, LeavingNode>();
  for (const entry of tables.flat().filter(mayAnswer)) {
    const node = found.has(entry.id) ? undefined : leavingNode(config, entry.hostname);
    if (node) found.set(entry.id, { ...node, id: entry.id, ...addressOf(entry, config) });
  }
  return [...found.values()];
}

/** Worth waiting for an answer. */
const mayAnswer = ({ handshake, hostname, health, slots }: TableEntry): boolean =>
  !handshake && hostname !== '' && (health !== 'failed' || slots.length > 0);

const addressOf = ({ ip, client, bus }: TableEntry, { ports }: AgentConfig): Pick<LeavingNode, 'address'> =>
  ip === '' ? {} : { address: { ip, client, bus, agent: ports.agent } };
