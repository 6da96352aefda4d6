import { setTimeout as delay } from 'node:timers/promises';

import Table from 'cli-table3';

import { createKiller } from '../../kubernetes/support/kill';
import { prepareOrders, type Orders } from '../../kubernetes/support/orders';
import { until } from '../../kubernetes/support/until';
import type { Felt } from '../load/load';
import type { Figure } from '../figure';
import { events, keysToMove } from './events';
import { startLoadPod } from './load-pod';
import { operatorFigures, operatorMicrosecondsPerKey } from './operator';
import { manifestsFor } from './spec';

/** A line of the table. */
interface Row extends Pick<Felt, 'acknowledged' | 'failed' | 'longestMs' | 'lost'> {
  readonly name: string;
  /** Until the database is whole, every server asked. Milliseconds. */
  readonly tookMs: number;
}

/** Longest time until the database is whole. Milliseconds. */
const boundMs = 180_000;

/** What everybody does before the first event: connects, and fills some of the keys. Milliseconds. */
const warmUpMs = 5000;

/**
 * The example `orders` on the cluster that `KUBECONFIG` names: apply to healthy, then one event after the other under sixteen writers, with
 * every acknowledged write read back. Beside it stands what an operator needed on a cluster of the same kind.
 */
export async function kubernetes(): Promise<readonly Figure[]> {
  const orders = await prepareOrders('bench');
  try {
    const began = performance.now();
    await orders.apply(manifestsFor(orders));
    await until('the agents say that all is well', boundMs, async () => {
      const health = (await orders.publishedStatus())?.health;
      return health === 'Healthy' ? undefined : `they say ${health}`;
    });
    const healthyMs = performance.now() - began;
    await orders.whole(boundMs);
    const rows = await underLoad(orders);
    print(healthyMs, rows);
    return figures(healthyMs, rows);
  } finally {
    await orders.remove();
  }
}

async function underLoad(orders: Orders): Promise<readonly Row[]> {
  const killer = await createKiller();
  const load = await startLoadPod(orders);
  const rows: Row[] = [];
  try {
    await delay(warmUpMs);
    for (const { name, happen, prepare, otherSize } of events) {
      await prepare?.(load);
      await load.mark();
      const began = performance.now();
      await happen(orders, killer);
      if (!otherSize) await orders.whole(boundMs);
      const tookMs = performance.now() - began;
      const felt = await load.felt();
      rows.push({ ...felt, name, tookMs });
      console.log(
        `${name}: ${(tookMs / 1000).toFixed(1)} s, longest pause ${felt.longestMs.toFixed(0)} ms, ${felt.lost} lost`,
      );
      for (const [error, count] of Object.entries(felt.errors)) console.log(`  ${count} times: ${error}`);
    }
    return rows;
  } finally {
    await load.end();
    await killer.remove();
  }
}

function print(healthyMs: number, rows: readonly Row[]): void {
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
  const took = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  table.push([apply, took(healthyMs), '', '', '', '', operatorFigures[apply] ?? '']);
  for (const { name, tookMs, acknowledged, failed, longestMs, lost } of rows) {
    table.push([
      name,
      took(tookMs),
      acknowledged,
      failed,
      `${longestMs.toFixed(0)} ms`,
      lost,
      operatorFigures[name] ?? '',
    ]);
  }
  console.log(table.toString());
}

function figures(healthyMs: number, rows: readonly Row[]): readonly Figure[] {
  const [killed, deleted, rolled, drained, , grown, shrunk] = rows as [Row, Row, Row, Row, Row, Row, Row];
  // Whoever is killed has sent to no replica what it acknowledged last; whoever is told to end has.
  const planned = rows.filter((row) => row !== killed);
  const sum = (key: 'failed' | 'lost', of: readonly Row[]) => of.reduce((total, row) => total + row[key], 0);
  return [
    { name: 'kubernetes-apply', ratio: healthyMs / 10_000, goal: 1 },
    { name: 'kubernetes-kill-pause', ratio: killed.longestMs / 500, goal: 1 },
    { name: 'kubernetes-delete-pause', ratio: deleted.longestMs / 100, goal: 1 },
    { name: 'kubernetes-roll', ratio: rolled.tookMs / 60_000, goal: 1 },
    { name: 'kubernetes-roll-pause', ratio: rolled.longestMs / 100, goal: 1 },
    { name: 'kubernetes-drain', ratio: drained.tookMs / 60_000, goal: 1 },
    { name: 'kubernetes-scale-pause', ratio: Math.max(grown.longestMs, shrunk.longestMs) / 100, goal: 1 },
    {
      name: 'kubernetes-scale-per-key',
      ratio: (1000 * Math.max(grown.tookMs, shrunk.tookMs)) / (keysToMove / 4) / operatorMicrosecondsPerKey,
      goal: 1,
    },
    { name: 'kubernetes-failed', ratio: sum('failed', [deleted, rolled, drained, grown, shrunk]), goal: 0 },
    { name: 'kubernetes-lost', ratio: sum('lost', planned), goal: 0 },
  ];
}
