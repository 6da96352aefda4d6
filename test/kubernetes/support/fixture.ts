import { createKiller, type Killer } from './kill';
import { startOrders, type Orders } from './orders';

/**
 * Makes the database before the first test of a file, and removes it after the last.
 *
 * @param prepare makes it; {@link startOrders} unless told
 * @returns gives it to a test
 */
export function useOrders(purpose: string, prepare = startOrders): () => Orders {
  return use(() => prepare(purpose));
}

/** As {@link useOrders}, for what kills processes. */
export const useKiller = (): (() => Killer) => use(createKiller);

function use<T extends { remove: () => Promise<void> }>(make: () => Promise<T>): () => T {
  let made: T | undefined;
  beforeAll(async () => {
    made = await make();
  });
  afterAll(() => made?.remove());
  return () => made!;
}
