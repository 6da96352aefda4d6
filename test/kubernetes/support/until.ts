import { setTimeout as sleep } from 'node:timers/promises';

/** Pause between two looks. Milliseconds. */
const pauseMs = 500;

/**
 * Looks again and again until nothing speaks against it any more.
 *
 * @param whyNot says what is still missing, or undefined where nothing is; a rejection is a reason too
 * @returns milliseconds it took
 * @throws Error with the last reason, when the bound is passed
 */
export async function until(
  what: string,
  boundMs: number,
  whyNot: () => Promise<string | undefined> | string | undefined,
): Promise<number> {
  const began = performance.now();
  for (;;) {
    const reason = await Promise.resolve()
      .then(whyNot)
      .catch((error: unknown) => (error as Error).message);
    const tookMs = Math.round(performance.now() - began);
    if (reason === undefined) return tookMs;
    if (tookMs > boundMs) throw new Error(`${what}: not within ${boundMs / 1000} s: ${reason}`);
    await sleep(pauseMs);
  }
}
