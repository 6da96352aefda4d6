import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';

/** A node and its shard. */
export interface NodeInShard {
  readonly node: NodeConfig;
  readonly shard: string;
}

/** Every node of the configuration. */
export const nodesOf = ({ shards }: AgentConfig): NodeConfig[] => shards.flatMap(({ nodes }) => nodes);

/**
 * A node as the configuration has it. One of a shard that is no longer there is still called by the rule that all are called by.
 *
 * @throws Error where the name is not of this database
 */
export function ownNode({ database, shards }: AgentConfig, name: string): NodeInShard {
  const listed = shards.flatMap(({ name: shard, nodes }) => nodes.map((node) => ({ node, shard })));
  const found = listed.find(({ node }) => node.name === name);
  if (found) return found;
  const shard = shardIn(name, database);
  const model = listed[0]!.node;
  if (shard === undefined || !model.host.startsWith(model.name)) {
    throw new Error(`node "${name}" is not in the configuration of ${database}`);
  }
  return { node: { name, host: name + model.host.slice(model.name.length) }, shard };
}

/**
 * The node behind a host name that a server announces, where it is of this database and of a shard that the configuration no longer
 * has; undefined else.
 */
export function leavingNode(config: AgentConfig, host: string): NodeInShard | undefined {
  const { database, shards } = config;
  const name = host.split('.')[0]!;
  const shard = shardIn(name, database);
  if (shard === undefined || shards.some((each) => each.name === shard)) return undefined;
  const own = ownNode(config, name);
  return own.node.host === host ? own : undefined;
}

/** `shard-3` of `orders-shard-3-0`. */
function shardIn(node: string, database: string): string | undefined {
  if (!node.startsWith(`${database}-`)) return undefined;
  return /^(.+)-\d+$/.exec(node.slice(database.length + 1))?.[1];
}
