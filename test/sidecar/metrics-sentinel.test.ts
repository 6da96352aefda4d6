import { createSentinelMetrics } from '../../sidecar/metrics-sentinel';
import type { OwnSentinelView, WatchView } from '../../sidecar/view';
import { addressOf } from './support/replicated-views';
import { ownSentinel, watched, watchOf, type WatchSketch } from './support/watched-views';

function createWorld() {
  const metrics = createSentinelMetrics({ database: 'jobs', node: 'w-0', version: '0.1.0' });
  const observe = (sketch: WatchSketch, more: Partial<OwnSentinelView> = {}) =>
    metrics.observe({
      view: ownSentinel('w-0', watched({ 'w-0': sketch }), more),
      actions: [],
      failures: [],
      sentence: '',
    });
  const read = async (): Promise<Record<string, number>> => {
    const lines = (await metrics.render()).split('\n');
    const own = lines.filter((line) => line.startsWith('keyspace_sentinel_'));
    return Object.fromEntries(
      own.map((line) => {
        const [, name, value] = /^keyspace_sentinel_(\w+)\{database="jobs",node="w-0"\} (\S+)$/.exec(line)!;
        return [name!, Number(value)];
      }),
    );
  };
  return { observe, read };
}

test('tells of a Sentinel that knows everybody', async () => {
  const { observe, read } = createWorld();
  observe({});
  expect(await read()).toEqual({
    up: 1,
    masters: 1,
    master_status: 1,
    master_slaves: 2,
    master_ok_slaves: 2,
    master_sentinels: 3,
    master_ok_sentinels: 3,
    master_ckquorum_status: 1,
    master_config_epoch: 3,
    failover_in_progress: 0,
    failovers_total: 0,
  });
});

test('tells whether the quorum, and a majority of all that are known, can be reached', async () => {
  const { observe, read } = createWorld();
  const whole = watchOf('w-0');
  const without = (count: number): Partial<WatchView> => ({
    sentinels: whole.sentinels.map((one, index) => ({ ...one, down: index < count })),
  });
  observe(without(1));
  expect(await read()).toMatchObject({ master_ok_sentinels: 2, master_ckquorum_status: 1 });
  observe({ ...without(1), quorum: 3 });
  expect(await read()).toMatchObject({ master_ckquorum_status: 0 });
  observe({ ...without(2), quorum: 1 });
  expect(await read()).toMatchObject({ master_ok_sentinels: 1, master_ckquorum_status: 0 });
});

test('counts changes of the primary, and none when it first hears of one', async () => {
  const { observe, read } = createWorld();
  observe({});
  observe({ changing: true, lost: true });
  expect(await read()).toMatchObject({ failovers_total: 0, failover_in_progress: 1, master_status: 0 });
  observe({ at: addressOf('s0-1'), epoch: 4 });
  observe({ at: addressOf('s0-1'), epoch: 4 });
  expect(await read()).toMatchObject({ failovers_total: 1, failover_in_progress: 0, master_config_epoch: 4 });
});

test('says nothing of what a Sentinel that is away would say', async () => {
  const { observe, read } = createWorld();
  observe({});
  observe(false);
  expect(await read()).toEqual({ up: 0, masters: 0, failovers_total: 0 });
});
