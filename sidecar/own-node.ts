import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import { remember } from './remember';
import type { Address } from './view';

/** A node and its shard. */
export interface NodeInShard {
  readonly node: NodeConfig;
  readonly shard: string;
}

/** Every node of the configuration. */
export const nodesOf = ({ shards }: AgentConfig): NodeConfig[] => shards.flatMap(({ nodes }) => nodes);

/** Every pod of the configuration: nodes, and Sentinels where there are any. */
export const podsOf = (config: AgentConfig): NodeConfig[] => [...nodesOf(config), ...(config.sentinel?.nodes ?? [])];

/**
 * A node as the configuration has it. One of a shard that is no longer there is still called by the rule that all are called by.
 *
 * @throws Error where the name is not of this database
 */
export function ownNode({ database, shards, sentinel }: AgentConfig, name: string): NodeInShard {
  const watcher = sentinel?.nodes.find((node) => node.name === name);
  if (watcher) return { node: watcher, shard: '' };
  const found = listed(shards).get(name);
  if (found) return found;
  const shard = shardIn(name, database);
  const model = shards[0]!.nodes[0]!;
  if (shard === undefined || !model.host.startsWith(model.name)) {
    throw new Error(`node "${name}" is not in the configuration of ${database}`);
  }
  return { node: { name, host: name + model.host.slice(model.name.length) }, shard };
}

/** By name: every step asks for every node. */
const listed = remember(
  (shards: AgentConfig['shards']): ReadonlyMap<string, NodeInShard> =>
    new Map(shards.flatMap(inShard).map((each) => [each.node.name, each])),
);

function inShard({ name: shard, nodes }: AgentConfig['shards'][number]): NodeInShard[] {
  return nodes.map((node) => ({ node, shard }));
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

/** Whether the pod of that name runs a Sentinel. */
export const isSentinel = ({ sentinel }: AgentConfig, name: string): boolean =>
  sentinel?.nodes.some((node) => node.name === name) === true;

/** Ports inside the pod of that name: a Sentinel takes its clients at another one. */
export const portsOf = (config: AgentConfig, name: string): Omit<Address, 'ip'> =>
  isSentinel(config, name) ? { ...config.ports, client: config.ports.sentinel! } : config.ports;

/** The node under the name of its Service, where it has one: an address that stays when the pod's does not. */
export const atService = (node: NodeConfig): NodeConfig =>
  node.service === undefined ? node : { ...node, host: node.service };
