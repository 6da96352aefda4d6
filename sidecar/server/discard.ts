import type Redis from 'ioredis';

/** Keys that are deleted in one go. */
const batch = 500;

/** After this long the rest is left for the next time. Milliseconds. */
const budgetMs = 1000;

/**
 * Deletes the keys of slots that another server owns. A server lets nobody near such a key but whoever asks for one of a slot that is
 * half-way to it, one key a command: https://valkey.io/commands/asking/
 *
 * @throws the first error that the server answers with
 */
export async function discard(redis: Redis, slots: readonly number[]): Promise<void> {
  const until = performance.now() + budgetMs;
  for (const slot of slots) {
    for (;;) {
      if (performance.now() > until) return;
      const keys = (await redis.callBuffer('CLUSTER', 'GETKEYSINSLOT', slot, batch)) as Buffer[];
      if (keys.length === 0) break;
      const pipeline = redis.pipeline();
      for (const key of keys) pipeline.call('ASKING').call('UNLINK', key);
      const replies = (await pipeline.exec()) ?? [];
      const error = replies.find(([failure]) => failure)?.[0];
      if (error) throw error;
    }
    await redis.call('CLUSTER', 'SETSLOT', slot, 'STABLE');
  }
}
