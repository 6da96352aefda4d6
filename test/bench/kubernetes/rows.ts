import { setTimeout as delay } from 'node:timers/promises';

import Table from 'cli-table3';

import type { Felt } from '../load/load';
import type { LoadPod } from './load-pod';

/** A line of the table. */
export interface Row extends Pick<Felt, 'acknowledged' | 'failed' | 'longestMs' | 'lost'> {
  readonly name: string;
  /** Until the database is whole, every server asked. Milliseconds. */
  readonly tookMs: number;
}

/** Something that happens under load. */
export interface Happening {
  readonly name: string;
  /** Ends when the database is whole again. */
  readonly happen: () => Promise<void>;
  /** What has to be there before, which is not measured. */
  readonly prepare?: () => Promise<void>;
}

/** What everybody does before the first event: connects, and fills some of the keys. Milliseconds. */
const warmUpMs = 5000;

/** One after the other under the load, with everything that was acknowledged read back after each. Says each row when it is there. */
export async function measureRows(load: LoadPod, happenings: readonly Happening[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  await delay(warmUpMs);
  for (const { name, happen, prepare } of happenings) {
    await prepare?.();
    await load.mark();
    const began = performance.now();
    await happen();
    const tookMs = performance.now() - began;
    const felt = await load.felt();
    rows.push({ ...felt, name, tookMs });
    console.log(`${name}: ${seconds(tookMs)}, longest pause ${felt.longestMs.toFixed(0)} ms, ${felt.lost} lost`);
    for (const [error, count] of Object.entries(felt.errors)) console.log(`  ${count} times: ${error}`);
  }
  return rows;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/**
 * Prints them beside what an operator needed.
 *
 * @param healthyMs from apply to healthy
 * @param operator by name of the row; `-` where nobody has measured it
 */
export function printRows(healthyMs: number, rows: readonly Row[], operator: Readonly<Record<string, string>>): void {
  const head = [
    'event',
    'took',
    'acknowledged',
    'failed',
    'longest pause',
    'lost',
    'an operator: took, failed, pause, lost',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  const apply = 'apply to Healthy';
  table.push([apply, seconds(healthyMs), '', '', '', '', operator[apply] ?? '-']);
  for (const { name, tookMs, acknowledged, failed, longestMs, lost } of rows) {
    table.push([
      name,
      seconds(tookMs),
      acknowledged,
      failed,
      `${longestMs.toFixed(0)} ms`,
      lost,
      operator[name] ?? '-',
    ]);
  }
  console.log(table.toString());
}

/** Of all of these rows together. */
export const sumOf = (key: 'failed' | 'lost', rows: readonly Row[]): number =>
  rows.reduce((total, row) => total + row[key], 0);
