import { setTimeout as delay } from 'node:timers/promises';

import { median, p99, type Figure } from './figure';
import type { Load } from './load/load';

/** What the writers felt: the longest write of each round, and all rounds together. */
export interface Measured {
  readonly pausesMs: readonly number[];
  readonly failed: number;
  readonly lost: number;
}

/** What everybody does before a round: connects. Milliseconds. */
const warmUpMs = 2000;

/** A pause that clients do not notice. Milliseconds. */
const goalMs = 100;

/** Lets something happen to the database again and again while clients write; every acknowledged write is read back at the end, and the load ended. */
export async function measureRounds(
  load: Load,
  rounds: number,
  change: (round: number) => Promise<void>,
): Promise<Measured> {
  await delay(warmUpMs);
  const pausesMs: number[] = [];
  let [failed, lost] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    load.mark();
    await change(round);
    const felt = load.felt();
    pausesMs.push(felt.longestMs);
    failed += felt.failed;
    lost += felt.lost;
    console.log(`round ${round + 1}: longest write ${felt.longestMs.toFixed(0)} ms, ${felt.failed} failed`);
  }
  load.mark();
  await load.readBack();
  lost += load.felt().lost;
  await load.end();
  return { pausesMs, failed, lost };
}

/** A line for people. */
export function printRounds(name: string, { pausesMs, failed, lost }: Measured): void {
  const pause = `p50 ${median(pausesMs).toFixed(0)} ms, p99 ${p99(pausesMs).toFixed(0)} ms`;
  console.log(`${name.padEnd(36)} write pause ${pause} of ${pausesMs.length}; ${failed} failed, ${lost} lost`);
}

/** What is asked of a planned change: hardly a pause, no error, and nothing lost. */
export const figuresOfRounds = (name: string, { pausesMs, failed, lost }: Measured): Figure[] => [
  { name: `${name}-p99`, ratio: p99(pausesMs) / goalMs, goal: 1 },
  { name: `${name}-failed`, ratio: failed, goal: 0 },
  { name: `${name}-lost`, ratio: lost, goal: 0 },
];
