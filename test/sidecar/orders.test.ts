/** What persons ask of an agent: in the spec, on its pod, and as it was known before. */
import type { Orders } from '../../sidecar/edges';
import { parseOrders } from '../../sidecar/home/orders-file';
import { createOrders } from '../../sidecar/orders';
import { clusterConfig } from './support/config';
import { createMemoryLog } from './support/log';

/** An agent of `s0-0`; each look takes what is next, and the API is away where that is nothing. */
function world(says: readonly (boolean | undefined)[], kept?: Orders, fenced: string[] = [], now = () => 0) {
  const ended = new AbortController();
  const left = [...says];
  const written: Orders[] = [];
  const changes: (string | undefined)[] = [];
  const orders = createOrders({
    config: () => clusterConfig(1, 1, { fenced }),
    self: 's0-0',
    log: createMemoryLog(),
    clock: {
      now,
      sleep() {
        if (left.length === 0) ended.abort();
        return Promise.resolve();
      },
    },
    platform: {
      readFence() {
        const next = left.shift();
        return next === undefined ? Promise.reject(new Error('the API is away')) : Promise.resolve(next);
      },
    },
    home: {
      rememberOrders: (given) => Promise.resolve(void written.push(given)),
      recallOrders: () => Promise.resolve(kept),
    },
  });
  orders.onChange(() => changes.push(orders.whyFenced()));
  return { orders, written, changes, run: () => orders.recall().then(() => orders.loop.run(ended.signal)) };
}

test('a node is fenced while its pod says so, and that is kept', async () => {
  const { run, written, changes } = world([false, true, true, false]);
  await run();
  expect(changes).toEqual(['its pod says so', undefined]);
  expect(written).toEqual([
    { fenced: true, paused: false },
    { fenced: false, paused: false },
  ]);
});

test('while the API is away, what it said last holds', async () => {
  const { run, orders } = world([true, undefined, undefined]);
  await run();
  expect(orders.whyFenced()).toBe('its pod says so');
});

test('an agent that starts while the API is away knows what the last one knew', async () => {
  const { run, orders } = world([undefined], { fenced: true, paused: true });
  await run();
  expect(orders.whyFenced()).toBe('its pod says so');
  expect(orders.whyPaused()).toBe('until: keyspace resume');
});

test('the agents are paused while the lease says so, and that is kept', async () => {
  const { run, orders, written } = world([false]);
  await run();
  orders.heard({ paused: true });
  orders.heard({ paused: true });
  await Promise.resolve();
  expect(orders.whyPaused()).toBe('until: keyspace resume');
  expect(written.at(-1)).toEqual({ fenced: false, paused: true });
  orders.heard({});
  await Promise.resolve();
  expect(orders.whyPaused()).toBeUndefined();
});

test('shards are to be drained while the lease says so, and each change is news', () => {
  const { orders, changes } = world([]);
  const view = { nodes: [], strangers: {} };
  expect(orders.heed(view)).toBe(view);
  const drain = { by: 'db-drain-x', shards: ['s2'] };
  orders.heard({ drain });
  orders.heard({ drain: { ...drain } });
  expect(changes).toHaveLength(1);
  expect(orders.heed(view)).toEqual({ ...view, drain });
  orders.heard({ drain, paused: true });
  expect(orders.heed(view)).toEqual({ ...view, drain, paused: 'until: keyspace resume' });
  orders.heard({});
  expect(orders.heed(view)).toBe(view);
});

test('the spec fences too, whatever the pod says', async () => {
  const { run, orders } = world([false], undefined, ['s0-0']);
  expect(orders.whyFenced()).toBe('the spec says so');
  await run();
  expect(orders.whyFenced()).toBe('the spec says so');
});

test('a handover is asked for under an epoch, and for a while', () => {
  let now = 0;
  const { orders, changes } = world([], undefined, [], () => now);
  orders.request({ do: 'hand-over', to: 's0-1', epoch: 4 });
  expect(changes).toHaveLength(1);
  expect(orders.wished()).toEqual({ to: 's0-1', epoch: 4 });
  now = 10_000;
  expect(orders.wished()).toBeUndefined();
});

test('what was kept is read as it was written, and nothing else is', () => {
  expect(parseOrders('{"fenced":true,"paused":false}\n')).toEqual({ fenced: true, paused: false });
  for (const text of [undefined, '', '{', '{"fenced":"yes"}']) expect(parseOrders(text)).toBeUndefined();
});
