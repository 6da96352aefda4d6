import type { AgentConfig } from '../lib/contract/agent-config';
import { replicationUser } from '../lib/contract/names';

/**
 * As whom the replicas of a node sign in there.
 *
 * @throws Error where the node is not in the configuration
 */
export function replicationUserOf(node: string, { namespace, database, shards }: AgentConfig): string {
  const shard = shards.find(({ nodes }) => nodes.some(({ name }) => name === node));
  if (!shard) throw new Error(`node "${node}" is not in the configuration of ${database}`);
  return replicationUser(namespace, database, shard.name);
}
