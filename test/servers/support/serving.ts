import { setTimeout as delay } from 'node:timers/promises';

import type { TestDatabase } from './database';

/** Pause between two questions. Milliseconds. */
const pauseMs = 5;

/** A key that the node serves: asked for any other, it answers MOVED. */
export async function findServedKey({ ask }: TestDatabase, node: string): Promise<string> {
  for (let number = 0; number < 100; number++) {
    const served = await ask(node, 'GET', `key:${number}`).then(
      () => true,
      () => false,
    );
    if (served) return `key:${number}`;
  }
  throw new Error(`${node} serves none of a hundred keys`);
}

/** Who is asked, for what, and until when. */
export interface ServingWatch {
  readonly node: string;
  /** One of its shard. */
  readonly key: string;
  readonly signal: AbortSignal;
}

/**
 * Asks a node for a key again and again. Only one that serves as primary answers; all others refuse or name somebody else.
 *
 * @returns grows by every answer
 */
export function watchServing({ ask, ended }: TestDatabase, { node, key, signal }: ServingWatch): readonly string[] {
  const answers: string[] = [];
  const repeat = async (): Promise<void> => {
    while (!signal.aborted && !ended.aborted) {
      await ask(node, 'GET', key).then(
        (value) => answers.push(`${node} says that ${key} is ${String(value)}`),
        () => undefined,
      );
      await delay(pauseMs);
    }
  };
  void repeat();
  return answers;
}
