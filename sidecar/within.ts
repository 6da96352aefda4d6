import type { Clock } from './edges';

/**
 * What somebody says, or what is said in his place when he takes longer. He is not interrupted.
 *
 * @param ms Infinity for as long as it takes
 */
export async function within<T>(clock: Clock, ms: number, answer: Promise<T>, late: T): Promise<T> {
  if (ms === Infinity) return answer;
  const answered = new AbortController();
  try {
    return await Promise.race([answer, clock.sleep(ms, answered.signal).then(() => late)]);
  } finally {
    answered.abort();
  }
}
