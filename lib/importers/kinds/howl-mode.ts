import { layOut } from '../../spec/layout';
import type { Source } from '../source';
import { word } from '../values';

/** How a `RedisCluster` of redis.io is arranged. */
export type Mode = 'standalone' | 'sentinel' | 'cluster';

/** Reads a {@link Mode}. */
export const modes = word<Mode>('standalone', 'sentinel', 'cluster');

/** The mode of a `RedisCluster` of redis.io. */
export const modeOf = (source: Source): Mode => modes.read(source.text('spec.mode') ?? '') ?? 'standalone';

/**
 * The node that stands where a pod of the operator did: its pods are `<name>-<index>`, and of a cluster those of one
 * shard follow each other.
 *
 * @returns undefined where the operator has no such pod
 */
export function nodeOfInstance(source: Source, database: string, instance: string): string | undefined {
  const [, index] = new RegExp(`^${database}-(\\d+)$`).exec(instance) ?? [];
  if (index === undefined) return undefined;
  const place = { name: database, namespace: '', clusterDomain: '' };
  const shards =
    modeOf(source) === 'cluster'
      ? layOut('Cluster', { shards: source.number('spec.shards'), replicasPerShard: replicasPerShard(source) }, place)
      : layOut('Replication', { replicas: (source.number('spec.instances') ?? 1) - 1 }, place);
  return shards.flatMap(({ nodes }) => nodes.map(({ name }) => name))[Number(index)];
}

/** The operator makes no replica of a shard unless told to. */
const replicasPerShard = (source: Source): number => source.number('spec.replicasPerShard') ?? 0;
