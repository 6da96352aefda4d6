import type { AgentConfig, NodeConfig } from '../../../lib/contract/agent-config';
import { newestSchema } from '../../../lib/contract/render-agent-config';
import { ports } from '../../../lib/contract/names';

/** The configuration of a cluster whose nodes are `s0-0`, `s0-1`, `s1-0`, ... at the hosts `s0-0.db`, ... */
export function clusterConfig(shards: number, replicas: number, rest: Partial<AgentConfig> = {}): AgentConfig {
  const names = Array.from({ length: shards }, (_, index) => `s${index}`);
  const nodesOf = (shard: string): NodeConfig[] =>
    Array.from({ length: replicas + 1 }, (_, index) => ({ name: `${shard}-${index}`, host: `${shard}-${index}.db` }));
  return {
    schema: newestSchema,
    database: 'db',
    namespace: 'test',
    engine: { name: 'valkey', version: '8.1' },
    topology: 'cluster',
    shards: names.map((name) => ({ name, nodes: nodesOf(name) })),
    ports,
    auth: 'off',
    tls: 'off',
    persistence: 'aof',
    nodeTimeoutMs: 5000,
    ...rest,
  };
}
