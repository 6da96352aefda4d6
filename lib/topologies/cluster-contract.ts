import { newestSchema, type AgentConfig, type ShardConfig } from '../contract/agent-config';
import { objectNames, paths, ports } from '../contract/names';
import { passwordFile } from '../resources/volumes';
import type { ClusterSpec } from '../spec/cluster-spec';
import { hostName, shardName } from '../spec/names';

/** The shards of a cluster and their nodes, in order. */
export function clusterShards(spec: ClusterSpec): ShardConfig[] {
  const names = objectNames(spec.name);
  return Array.from({ length: spec.shards }, (_, index) => {
    const shard = shardName(index);
    const nodes = Array.from({ length: 1 + spec.replicasPerShard }, (__, ordinal) => {
      const name = names.node(shard, ordinal);
      return { name, host: hostName(name, spec.name, spec.namespace, spec.clusterDomain) };
    });
    return { name: shard, nodes };
  });
}

/** What the agents are told of a cluster. */
export function clusterContract(spec: ClusterSpec): AgentConfig {
  const secret = { passwordFile: `${paths.auth}/${passwordFile}` };
  return {
    schema: newestSchema,
    database: spec.name,
    namespace: spec.namespace,
    engine: spec.engine,
    topology: 'cluster',
    shards: clusterShards(spec),
    ports,
    auth: spec.auth === 'off' ? 'off' : { agent: { user: 'default', ...secret }, replication: secret },
    tls: spec.tls === 'off' ? 'off' : { clientCertificates: spec.tls.clientCertificates },
    persistence: spec.persistence === 'off' ? 'off' : 'aof',
    nodeTimeoutMs: spec.nodeTimeoutMs,
  };
}
