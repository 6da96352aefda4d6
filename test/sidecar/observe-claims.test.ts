/** How large volumes are, looked at no oftener than it can have changed. */
import { createClaimObserver } from '../../sidecar/observe-claims';
import type { ClaimView } from '../../sidecar/view-claims';
import { clusterConfig } from './support/config';
import { createMemoryLog } from './support/log';
import { database, sound } from './support/views';

const view = database(sound);
const grown: ClaimView = { node: 's0-0', requested: 200, capacity: 200 };
const growing: ClaimView = { ...grown, capacity: 100 };

function given(read: () => Promise<readonly ClaimView[]>, volumeBytes?: number) {
  const state = { now: 0, reads: 0, volumeBytes };
  const observe = createClaimObserver({
    config: () => ({ ...clusterConfig(3, 1), ...(state.volumeBytes ? { volumeBytes: state.volumeBytes } : {}) }),
    platform: {
      readClaims() {
        state.reads++;
        return read();
      },
    },
    clock: { now: () => state.now, sleep: () => Promise.resolve() },
    log: createMemoryLog(),
  });
  return { observe, state };
}

test('nobody looks where volumes are to be as they were made', async () => {
  const { observe, state } = given(() => Promise.resolve([grown]));
  expect(await observe(view)).toBe(view);
  expect(state.reads).toBe(0);
});

test.each([
  ['grow', growing, 10_000],
  ['have grown', grown, 300_000],
])('while volumes %s', async (_, claim, goodForMs) => {
  const { observe, state } = given(() => Promise.resolve([claim]), 200);
  expect((await observe(view)).claims).toEqual([claim]);
  state.now = goodForMs - 1;
  expect((await observe(view)).claims).toEqual([claim]);
  expect(state.reads).toBe(1);
  state.now = goodForMs;
  await observe(view);
  expect(state.reads).toBe(2);
});

test('a size that changes is looked at at once', async () => {
  const { observe, state } = given(() => Promise.resolve([grown]), 200);
  await observe(view);
  state.volumeBytes = 300;
  await observe(view);
  expect(state.reads).toBe(2);
});

test('without the API nothing is known, and the next look asks again', async () => {
  const { observe, state } = given(() => Promise.reject(new Error('away')), 200);
  expect((await observe(view)).claims).toBeUndefined();
  await observe(view);
  expect(state.reads).toBe(2);
});
