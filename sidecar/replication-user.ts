import type { AgentConfig } from '../lib/contract/agent-config';
import { replicationUser } from '../lib/contract/names';
import { ownNode } from './own-node';

/**
 * As whom the replicas of a node sign in there. A node keeps its user when its shard leaves the configuration.
 *
 * @throws Error where the node is not of this database
 */
export const replicationUserOf = (node: string, config: AgentConfig): string =>
  replicationUser(config.namespace, config.database, ownNode(config, node).shard);
