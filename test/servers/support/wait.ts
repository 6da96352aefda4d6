import { setTimeout as delay } from 'node:timers/promises';

/** Pause between two looks. Milliseconds. */
const pauseMs = 25;

/**
 * Waits for something to become true, and gives it back.
 *
 * @param what completes the sentence "not within 5 s: ..."
 * @param look gives what is waited for, or undefined or false while it is not so; a rejection is a "not yet" too
 * @param boundMs longest wait
 * @param explain what else to say when it did not happen
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  boundMs: number,
  explain: () => string | Promise<string> = () => '',
): Promise<NonNullable<Exclude<T, false>>> {
  const endsAt = performance.now() + boundMs;
  for (;;) {
    let problem = '';
    try {
      const seen = await within(endsAt - performance.now(), look);
      if (seen !== undefined && seen !== null && seen !== false) return seen as NonNullable<Exclude<T, false>>;
    } catch (error) {
      problem = `: ${(error as Error).message}`;
    }
    if (performance.now() > endsAt) {
      throw new Error(`not within ${boundMs / 1000} s: ${what}${problem}\n${await explain()}`);
    }
    await delay(pauseMs);
  }
}

/** A look that never ends is cut off, too. */
async function within<T>(ms: number, look: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the last look has not ended')), Math.max(ms, 0) + pauseMs);
  });
  return Promise.race([Promise.resolve().then(look), late]).finally(() => clearTimeout(timer));
}
