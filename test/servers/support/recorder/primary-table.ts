import type { Connections, Endpoint } from './connections';
import type { SlotTable } from './slot-table';

/**
 * Where every key is on one primary: some server that calls itself one. There can be two for a while, of which one takes writes, so that
 * each refresh may find the other.
 */
export function createPrimaryTable(seeds: () => readonly Endpoint[], { open }: Pick<Connections, 'open'>): SlotTable {
  let primary: Endpoint | undefined;

  async function ask(endpoint: Endpoint): Promise<Endpoint> {
    const redis = await open(endpoint);
    const [role] = (await redis.role()) as unknown as [string];
    if (role === 'master') return endpoint;
    // Behind a Service the next connection may lead to another.
    redis.disconnect();
    throw new Error(`${endpoint} is a replica`);
  }

  return {
    owner: () => primary,
    correct: () => undefined,
    async refresh() {
      const shuffled = [...seeds()].sort(() => Math.random() - 0.5);
      primary = (await Promise.any(shuffled.map(ask)).catch(() => undefined)) ?? primary;
    },
  };
}
