import type { ShardConfig } from '../contract/agent-config';
import { objectNames } from '../contract/names';
import type { Kind, SoundFields } from './kinds';

/** Where a database's nodes are found. */
export interface Place {
  readonly name: string;
  readonly namespace: string;
  readonly clusterDomain: string;
}

/** The one shard of a database that is not sharded. */
export const onlyShard = 'server';

/** The name of one shard of many. */
export const shardName = (index: number): string => `shard-${index}`;

/** Number of nodes of each shard, by its name. */
function sizes(kind: Kind, fields: SoundFields): Readonly<Record<string, number>> {
  switch (kind) {
    case 'Standalone':
      return { [onlyShard]: 1 };
    case 'Replication':
    case 'Sentinel':
      return { [onlyShard]: 1 + (fields.replicas ?? 2) };
    case 'MultiMaster':
      return { [onlyShard]: fields.nodes ?? 2 };
    case 'Cluster': {
      const nodes = 1 + (fields.replicasPerShard ?? 1);
      return Object.fromEntries(Array.from({ length: fields.shards ?? 3 }, (_, index) => [shardName(index), nodes]));
    }
  }
}

/** Where a Service answers. */
export const serviceHost = (service: string, { namespace, clusterDomain }: Omit<Place, 'name'>): string =>
  `${service}.${namespace}.svc.${clusterDomain}`;

/** Where a node answers, wherever its pod runs. */
const hostName = (node: string, place: Place): string =>
  serviceHost(`${node}.${objectNames(place.name).headlessService}`, place);

/** The shards of a database and their nodes, in order. */
export function layOut(kind: Kind, fields: SoundFields, place: Place): ShardConfig[] {
  const { node } = objectNames(place.name);
  return Object.entries(sizes(kind, fields)).map(([shard, count]) => ({
    name: shard,
    nodes: Array.from({ length: count }, (_, ordinal) => {
      const name = node(shard, ordinal);
      return { name, host: hostName(name, place) };
    }),
  }));
}
