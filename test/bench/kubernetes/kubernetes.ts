import { objectNames, ports } from '../../../lib/contract/names';
import { createKiller } from '../../kubernetes/support/kill';
import { database, prepareOrders, type Orders } from '../../kubernetes/support/orders';
import { until } from '../../kubernetes/support/until';
import type { Figure } from '../figure';
import { events, keysToMove } from './events';
import { startLoadPod } from './load-pod';
import { operatorFigures, operatorMicrosecondsPerKey } from './operator';
import { measureRows, printRows, sumOf, type Row } from './rows';
import { manifestsFor } from './spec';

/** Longest time until the database is whole. Milliseconds. */
const boundMs = 180_000;

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
    printRows(healthyMs, rows, operatorFigures);
    return figures(healthyMs, rows);
  } finally {
    await orders.remove();
  }
}

async function underLoad(orders: Orders): Promise<readonly Row[]> {
  const killer = await createKiller();
  const seeds = `${objectNames(database).clientService}:${ports.client}`;
  const load = await startLoadPod(orders, { SEEDS: seeds, PASSWORD: orders.password });
  const happenings = events.map(({ name, happen, prepare, otherSize }) => ({
    name,
    prepare: () => prepare?.(load) ?? Promise.resolve(),
    happen: async () => {
      await happen(orders, killer);
      if (!otherSize) await orders.whole(boundMs);
    },
  }));
  try {
    return await measureRows(load, happenings);
  } finally {
    await load.end();
    await killer.remove();
  }
}

function figures(healthyMs: number, rows: readonly Row[]): readonly Figure[] {
  const [killed, deleted, rolled, drained, , grown, shrunk] = rows as [Row, Row, Row, Row, Row, Row, Row];
  // Whoever is killed has sent to no replica what it acknowledged last; whoever is told to end has.
  const planned = rows.filter((row) => row !== killed);
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
    { name: 'kubernetes-failed', ratio: sumOf('failed', [deleted, rolled, drained, grown, shrunk]), goal: 0 },
    { name: 'kubernetes-lost', ratio: sumOf('lost', planned), goal: 0 },
  ];
}
