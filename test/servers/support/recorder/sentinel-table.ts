import type { Connections, Endpoint } from './connections';
import type { SlotTable } from './slot-table';

/**
 * Where every key is on one primary: whom any Sentinel that answers names, as clients of the field ask.
 *
 * @param sentinels some of them, or a Service that leads to them
 * @param master the name that they watch
 */
export function createSentinelTable(
  sentinels: () => readonly Endpoint[],
  master: string,
  { open }: Pick<Connections, 'open'>,
): SlotTable {
  let primary: Endpoint | undefined;

  async function ask(sentinel: Endpoint): Promise<Endpoint> {
    const redis = await open(sentinel);
    const place = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master)) as [string, string] | null;
    // Behind a Service the next connection may lead to one that knows more.
    redis.disconnect();
    if (place) return place.join(':');
    throw new Error(`${sentinel} does not watch ${master}`);
  }

  return {
    owner: () => primary,
    correct: () => undefined,
    async refresh() {
      primary = (await Promise.any(sentinels().map(ask)).catch(() => undefined)) ?? primary;
    },
  };
}
