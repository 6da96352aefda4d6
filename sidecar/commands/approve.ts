import type { Platform } from '../edges';
import { isChanging, isStopped } from '../steps/rollout/sets';
import { wire } from '../wire';

/**
 * Lets the primary of a shard be replaced by what is rolled out now, and by nothing that is asked for later.
 *
 * @returns what was approved
 * @throws Error where there is no such shard, or nothing to approve
 */
export async function approveShard(
  platform: Pick<Platform, 'readSets' | 'approve'>,
  shards: readonly string[],
  shard: string,
): Promise<string> {
  if (!shards.includes(shard)) throw new Error(`shard "${shard}": expected one of ${shards.join(', ')}`);
  const [set] = (await platform.readSets([shard])) ?? [];
  if (!set) throw new Error(`shard "${shard}" has no StatefulSet`);
  if (!isChanging(set)) throw new Error(`nothing is rolled out to shard "${shard}"`);
  if (isStopped(set)) throw new Error(`the roll-out to shard "${shard}" has stopped until the spec changes`);
  if (set.approvedRevision !== set.updateRevision) await platform.approve(set);
  return `the primary of ${shard} may be replaced by revision ${set.updateRevision}`;
}

/** See {@link approveShard}; says what was approved. */
export async function approve(env: NodeJS.ProcessEnv, shard: string): Promise<void> {
  const { config, platform, close } = await wire(env);
  try {
    const shards = config.current().shards.map(({ name }) => name);
    process.stdout.write(`${await approveShard(platform, shards, shard)}\n`);
  } finally {
    close();
  }
}
