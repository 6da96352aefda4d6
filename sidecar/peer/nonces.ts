/** Remembers what was used already. */
export interface Nonces {
  /** @returns false where it was used before, or where no more can be remembered */
  use(nonce: string, now: number): boolean;
}

/**
 * Forgets a nonce when it is too old to be accepted anyway.
 *
 * @param keepMs how long a nonce is remembered
 * @param most how many are remembered; then requests are refused, because forgetting one early would let it be used again
 */
export function createNonces(keepMs: number, most: number): Nonces {
  /** In the order of use, so the oldest come first. */
  const used = new Map<string, number>();
  return {
    use(nonce, now) {
      for (const [old, at] of used) {
        if (now - at < keepMs) break;
        used.delete(old);
      }
      if (used.has(nonce) || used.size >= most) return false;
      used.set(nonce, now);
      return true;
    },
  };
}
