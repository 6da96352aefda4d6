/**
 * Longest that a look waits for a node of which nobody has answered the last two, not even late, neither server nor agent: whoever watches others
 * while a machine is gone looks often. Milliseconds.
 */
export const goneAnswerMs = 250;

/** For whom a look waits how long. */
export interface Patience {
  /** Longest that it waits for a node. */
  readonly patienceMs: (name: string) => number;
  /** Told of every server and every agent that answers, also when nobody waits any more. */
  readonly answered: (name: string) => void;
}

/**
 * @param answerMs longest for anybody @default as long as connections do
 * @param silentLooks how many looks a node has not answered, one after the other
 */
export function createPatience(answerMs: (() => number) | undefined, silentLooks: (name: string) => number): Patience {
  /** Who has answered since the last look at it began, be it too late for that. */
  const heardOf = new Set<string>();
  return {
    patienceMs(name) {
      const fullMs = answerMs?.() ?? Infinity;
      const isGone = !heardOf.delete(name) && silentLooks(name) >= 2;
      return isGone ? Math.min(fullMs, goneAnswerMs) : fullMs;
    },
    answered: (name) => void heardOf.add(name),
  };
}
