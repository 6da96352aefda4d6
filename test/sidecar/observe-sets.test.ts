/** How far pods are rolled out, and for how long a new one has not been sound. */
import { createSetObserver } from '../../sidecar/observe-sets';
import type { SetView } from '../../sidecar/view-sets';
import { clusterConfig } from './support/config';
import { createMemoryLog } from './support/log';
import { database, sound } from './support/views';

const changing: SetView = {
  name: 's0',
  shard: 's0',
  version: '1',
  replicas: 2,
  partition: 2,
  currentRevision: 'old',
  updateRevision: 'new',
  observed: true,
  pods: [
    { name: 's0-0', uid: 'a', ordinal: 0, revision: 'old', ready: true, ending: false },
    { name: 's0-1', uid: 'b', ordinal: 1, revision: 'new', ready: true, ending: false },
  ],
};

function given(read: () => Promise<readonly SetView[] | undefined>) {
  let now = 0;
  let reads = 0;
  const observe = createSetObserver({
    config: () => clusterConfig(3, 1),
    platform: {
      readSets() {
        reads++;
        return read();
      },
    },
    clock: { now: () => now, sleep: () => Promise.resolve() },
    log: createMemoryLog(),
  });
  return { observe, wait: (ms: number) => (now += ms), reads: () => reads };
}

const copying = database({ ...sound, 's0-1': { ...sound['s0-1'], server: { linkUp: false } } });
const well = database(sound);

test('a new pod that is not sound is timed, until it is', async () => {
  const { observe, wait } = given(() => Promise.resolve([changing]));
  expect((await observe(copying)).unsoundMs).toEqual({ 's0-1': 0 });
  wait(700);
  expect((await observe(copying)).unsoundMs).toEqual({ 's0-1': 700 });
  expect((await observe(well)).unsoundMs).toEqual({});
  wait(700);
  expect((await observe(copying)).unsoundMs).toEqual({ 's0-1': 0 });
});

test('the time begins anew with another revision', async () => {
  let set = changing;
  const { observe, wait } = given(() => Promise.resolve([set]));
  await observe(copying);
  wait(1000);
  set = { ...changing, updateRevision: 'newer', pods: changing.pods.map((pod) => ({ ...pod, revision: 'newer' })) };
  expect((await observe(copying)).unsoundMs).toEqual({ 's0-1': 0 });
});

test('the API is asked seldom while nothing happens, and often while pods are replaced', async () => {
  const done = { ...changing, currentRevision: 'new', pods: [] };
  for (const [set, times] of [
    [done, 1],
    [changing, 3],
    [{ ...done, partition: 0 }, 3],
  ] as const) {
    const { observe, wait, reads } = given(() => Promise.resolve([set]));
    for (let look = 0; look < 3; look++) {
      await observe(well);
      wait(600);
    }
    expect(reads()).toBe(times);
  }
});

test('without the API, and where there is no Kubernetes, the view is what it was', async () => {
  expect(await given(() => Promise.reject(new Error('away'))).observe(well)).toEqual(well);
  expect(await given(() => Promise.resolve(undefined)).observe(well)).toEqual(well);
});
