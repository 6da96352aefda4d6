import type { Write } from './recorder';

/** A client that reads. */
interface Reader {
  get(key: string): Promise<string | null>;
}

/** Keys asked for at a time. */
const batchSize = 500;

/**
 * Reads every recorded write back.
 *
 * @param atLeast a test with fewer writes shows nothing
 * @throws Error where there are fewer, or some are not what was written
 */
export async function verifyWrites(client: Reader, writes: readonly Write[], atLeast: number): Promise<void> {
  if (writes.length < atLeast) {
    throw new Error(`${writes.length} writes were confirmed by a replica, the test needs at least ${atLeast}`);
  }
  const lost: string[] = [];
  for (let start = 0; start < writes.length; start += batchSize) {
    const batch = writes.slice(start, start + batchSize);
    const found = await Promise.all(batch.map(({ key }) => client.get(key)));
    batch.forEach(({ key, value }, i) => {
      if (found[i] !== value) lost.push(`${key}: expected ${value}, got ${found[i] ?? 'nothing'}`);
    });
  }
  if (lost.length > 0) {
    throw new Error(`${lost.length} of ${writes.length} confirmed writes are lost:\n${lost.slice(0, 20).join('\n')}`);
  }
}
