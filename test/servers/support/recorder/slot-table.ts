import { setTimeout as delay } from 'node:timers/promises';

import type { Connections, Endpoint } from './connections';

/** Who owns which slots, as any server that answers says. */
export interface SlotTable {
  /** undefined where nobody is known to own the slot. */
  owner(slot: number): Endpoint | undefined;
  /** Corrects one slot: a server has said `MOVED`. */
  correct(slot: number, endpoint: Endpoint): void;
  /** Asks again. Keeps what it knows where nobody answers. */
  refresh(): Promise<void>;
}

/** One line of `CLUSTER SLOTS`: https://valkey.io/commands/cluster-slots/ */
type SlotsReply = readonly (readonly [
  first: number,
  last: number,
  primary: readonly [host: string | null, port: number],
])[];

/** Asks the servers it has heard of, and those at `seeds`, one after the other. */
export function createSlotTable(seeds: () => readonly Endpoint[], { open }: Pick<Connections, 'open'>): SlotTable {
  let ranges: { readonly first: number; readonly last: number; readonly endpoint: Endpoint }[] = [];
  const corrections = new Map<number, Endpoint>();

  async function ask(endpoint: Endpoint): Promise<typeof ranges> {
    const redis = await open(endpoint);
    const reply = (await redis.cluster('SLOTS')) as unknown as SlotsReply;
    const host = endpoint.slice(0, endpoint.lastIndexOf(':'));
    return reply.map(([first, last, [name, port]]) => ({
      first,
      last,
      endpoint: `${name === null || name === '' ? host : name}:${port}`,
    }));
  }

  return {
    owner: (slot) => corrections.get(slot) ?? ranges.find(({ first, last }) => first <= slot && slot <= last)?.endpoint,
    correct: (slot, endpoint) => void corrections.set(slot, endpoint),
    async refresh() {
      const known = new Set([...ranges.map(({ endpoint }) => endpoint), ...seeds()]);
      // Not always the same first: that one may be cut off from all others, and not know it.
      const shuffled = [...known].sort(() => Math.random() - 0.5);
      const found = await firstOf(shuffled, ask);
      if (!found) return;
      ranges = found;
      corrections.clear();
    },
  };
}

/** How long one server is asked alone before the next is asked too: one that is gone takes seconds to be given up. Milliseconds. */
const headStartMs = 100;

async function firstOf<T>(
  endpoints: readonly Endpoint[],
  ask: (endpoint: Endpoint) => Promise<T>,
): Promise<T | undefined> {
  let found = false;
  const asked = endpoints.map(async (endpoint, index) => {
    await delay(index * headStartMs);
    if (found) throw new Error('asked for no more');
    const answer = await ask(endpoint);
    found = true;
    return answer;
  });
  return Promise.any(asked).catch(() => undefined);
}
