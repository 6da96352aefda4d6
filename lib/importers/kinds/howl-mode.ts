import { objectNames } from '../../contract/names';
import { onlyShard, shardName } from '../../spec/layout';
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
  const index = instance.startsWith(`${database}-`) ? instance.slice(database.length + 1) : '';
  if (!/^\d+$/.test(index)) return undefined;
  const position = Number(index);
  const { node } = objectNames(database);
  if (modeOf(source) !== 'cluster')
    return position < (source.number('spec.instances') ?? 1) ? node(onlyShard, position) : undefined;
  // The operator makes no replica of a shard unless told to.
  const perShard = 1 + Math.max(0, source.number('spec.replicasPerShard') ?? 0);
  const shard = Math.floor(position / perShard);
  return shard < (source.number('spec.shards') ?? 3) ? node(shardName(shard), position % perShard) : undefined;
}
