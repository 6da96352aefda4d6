/** Brings a backup beside the cycles of an agent until it is there. */
import { createRestorer, type Bring } from '../../../sidecar/restore/restorer';
import { createMemoryLog } from '../support/log';
import { until } from '../support/until';

const order = { backup: 'monday', shard: 1 };

/** A clock whose sleeps are over at once, and how long they were to be. */
function createClock() {
  const slept: number[] = [];
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    // What waits for an order waits until it is woken.
    if (signal?.aborted) return;
    if (ms === 60_000) await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    else slept.push(ms);
  };
  return { now: () => 0, sleep, slept };
}

async function run(
  bring: Bring,
  work: (restorer: ReturnType<typeof createRestorer>, slept: number[], ended: () => number) => Promise<void>,
) {
  const clock = createClock();
  let ends = 0;
  const restorer = createRestorer(bring, clock, createMemoryLog(), () => ends++);
  const stop = new AbortController();
  const running = restorer.run(stop.signal);
  await work(restorer, clock.slept, () => ends);
  stop.abort();
  await running;
}

test('tries again, each time after a longer pause, and says meanwhile what is wrong', async () => {
  let tries = 0;
  const said: unknown[] = [];
  const bring: Bring = (wanted, note) => {
    said.push(restorerView());
    expect(wanted).toEqual(order);
    note({ backup: 'monday', bytes: 1, ofBytes: 2 });
    return ++tries < 4 ? Promise.reject(new Error(`no room ${tries}`)) : Promise.resolve();
  };
  let restorerView = (): unknown => undefined;
  await run(bring, async (restorer, slept, ended) => {
    restorerView = restorer.view;
    expect(restorer.view()).toBeUndefined();
    restorer.begin(order);
    await until(() => ended() === 1, Boolean);
    expect(slept).toEqual([1000, 2000, 4000]);
    expect(said).toEqual([
      { asked: 'monday' },
      ...[1, 2, 3].map((number) => ({ asked: 'monday', problem: `no room ${number}` })),
    ]);
    expect(restorer.view()).toBeUndefined();
  });
});

test('gives up what it was bringing when another backup is wanted', async () => {
  const begun: string[] = [];
  const bring: Bring = async ({ backup }, _note, signal) => {
    begun.push(backup);
    if (backup === 'sunday') return;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    throw new Error('given up');
  };
  await run(bring, async (restorer, _slept, ended) => {
    restorer.begin(order);
    await until(() => begun.length === 1, Boolean);
    restorer.begin({ backup: 'sunday', shard: 1 });
    await until(() => ended() === 1, Boolean);
    expect(begun).toEqual(['monday', 'sunday']);
  });
});

test('ends with its agent in the middle of it', async () => {
  let begun = false;
  const bring: Bring = async (_order, _note, signal) => {
    begun = true;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    signal.throwIfAborted();
  };
  await run(bring, async (restorer) => {
    restorer.begin(order);
    await until(() => begun, Boolean);
  });
});
