/** Sentinels hear at once of a handover, each in the words of another that it knows. */
import type { Announcement, Sentinel } from '../../sidecar/edges';
import { prepareSentinels } from '../../sidecar/tell-sentinels';
import { addressOf } from './support/replicated-views';
import { config, watched, watchOf, type WatchSketch } from './support/watched-views';

const heir = addressOf('s0-1');

/** @returns what each heard, so long after they were looked at, of whom `silent` has not answered */
async function tell(
  sketches: Readonly<Record<string, WatchSketch>>,
  { passedMs = 0, silent = '' } = {},
): Promise<Record<string, Announcement>> {
  const heard: Record<string, Announcement> = {};
  const views = watched(sketches).sentinels!;
  const of = (node: { readonly name: string }) =>
    ({
      look: () =>
        new Promise((resolve) => {
          if (node.name !== silent) resolve(views.find(({ name }) => name === node.name)!);
        }),
      hear(announcement) {
        if (node.name === 'w-1') return Promise.reject(new Error('it has just died'));
        heard[node.name] = announcement;
        return Promise.resolve();
      },
    }) as Partial<Sentinel> as Sentinel;
  let now = 0;
  const tell = await prepareSentinels({
    config: () => config,
    book: { locate: ({ name }) => Promise.resolve(addressOf(name)) },
    sentinels: { of, close: () => undefined },
    clock: { now: () => now, sleep: () => Promise.resolve() },
  });
  now = passedMs;
  await tell(heir);
  return heard;
}

test('each hears it under an epoch that none has seen, whatever becomes of another', async () => {
  const [first, second] = watchOf('w-0').sentinels;
  const own = watchOf('w-1').sentinels[0]!;
  expect(await tell({ 'w-2': { epoch: 8 } })).toEqual({
    'w-0': { from: first!.at, id: first!.id, primary: heir, epoch: 9 },
    'w-2': { from: own.at, id: own.id, primary: heir, epoch: 9 },
  });
  expect(second!.id).not.toBe(first!.id);
});

test('one that is not there, or knows no other, is left to the agent beside it', async () => {
  expect(Object.keys(await tell({ 'w-0': false, 'w-2': { sentinels: [] } }))).toEqual([]);
});

test('one that does not answer keeps nobody waiting', async () => {
  expect(Object.keys(await tell({}, { silent: 'w-2' }))).toEqual(['w-0']);
});

test('nothing is said on the strength of an old look', async () => {
  expect(await tell({}, { passedMs: 1001 })).toEqual({});
});

test('nobody hears it while one decides something itself', async () => {
  expect(await tell({ 'w-2': { changing: true } })).toEqual({});
});
