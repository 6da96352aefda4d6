/** A primary that is told to end: to whom it hands over, and when. */
import { end } from '../../../sidecar/steps/end';
import type { OwnView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);

/** What a node that is ending, and has told everybody, does. */
const plan = (name: string, others: Readonly<Record<string, Sketch>> = {}, rest: Partial<OwnView> = {}) => {
  const ending: Sketch = { ...sound[name], ...others[name], ending: true };
  const seen = database({ ...sound, ...others, [name]: ending });
  return end(ownView(seen, name, { stopping: true, stoppingMs: 100, told: true, ...rest }), config);
};
const handover = (from: string, node: string) => [{ do: 'failover', node, id: node, from, force: false }];
const isEnding = (name: string): Sketch => ({ ...sound[name], ending: true });

test('hands over to a replica in sync that most primaries know as its own', () => {
  expect(plan('s1-0')).toEqual(handover('s1-0', 's1-1'));
});

test('waits for a replica in sync', () => {
  expect(plan('s1-0', { 's1-1': { follows: 's1-0', server: { linkUp: false } } })).toEqual([
    { do: 'wait', why: 'ending: no replica is in sync to take over' },
  ]);
});

test('waits until an election would be won: a lost one takes no writes for seconds', () => {
  const wrong = { 's1-1': { role: 'primary' as const, primaryId: undefined as unknown as string } };
  const doubt = [{ do: 'wait', why: 'ending: most primaries do not know s1-1 as its replica yet' }];
  const s0: Sketch = { ...sound['s0-0'], believes: wrong };
  const s2: Sketch = { ...sound['s2-0'], believes: wrong };
  expect(plan('s1-0', { 's0-0': s0 })).toEqual(handover('s1-0', 's1-1'));
  expect(plan('s1-0', { 's0-0': s0, 's2-0': s2 })).toEqual(doubt);
  expect(plan('s1-0', { 's0-0': { ...sound['s0-0'], down: 'unreachable' }, 's2-0': s2 })).toEqual(doubt);
});

test('of several primaries that are ending, one hands over after the other', () => {
  const both = { 's0-0': isEnding('s0-0'), 's2-0': isEnding('s2-0') };
  expect(plan('s0-0', both)).toEqual(handover('s0-0', 's0-1'));
  expect(plan('s1-0', both)).toEqual([{ do: 'wait', why: 'ending: s0-0 hands over first' }]);
  expect(plan('s2-0', both)).toEqual([{ do: 'wait', why: 'ending: s0-0 hands over first' }]);
});

test('waits for nobody who cannot hand over, or has', () => {
  const unsynced = { 's0-0': isEnding('s0-0'), 's0-1': { follows: 's0-0', server: { linkUp: false } } };
  expect(plan('s1-0', unsynced)).toEqual(handover('s1-0', 's1-1'));
  const leaving = { 's0-0': isEnding('s0-0'), 's0-1': isEnding('s0-1') };
  expect(plan('s1-0', leaving)).toEqual(handover('s1-0', 's1-1'));
  const done = { 's0-0': { follows: 's0-1', ending: true }, 's0-1': { slots: sound['s0-0']!.slots!, epoch: 4 } };
  expect(plan('s1-0', done)).toEqual(handover('s1-0', 's1-1'));
});

describe('a shard that has left the configuration', () => {
  const two = { ...config, shards: config.shards.slice(0, 2) };
  const gone = { 's2-1': { follows: 's2-0', ending: true } };
  const all = Object.fromEntries(Object.entries(sound).map(([name, sketch]) => [name, { ...sketch, ending: true }]));
  const ending = (name: string, others: Readonly<Record<string, Sketch>>, rest: Partial<OwnView> = {}) => {
    const seen = database({ ...sound, ...gone, ...others, [name]: { ...sound[name], ...others[name], ending: true } });
    return end(ownView(seen, name, { stopping: true, stoppingMs: 100, told: true, ...rest }), two);
  };
  const waits = (why: string) => [{ do: 'wait', why: `ending: ${why}` }];

  test('is drained first, and its replica stays until then', () => {
    expect(ending('s2-0', {})).toEqual(waits('its slots are moving to the shards that stay'));
    expect(ending('s2-1', { 's2-0': { ...sound['s2-0'], ending: true } })).toEqual(waits('s2-0 still has slots'));
  });

  test('ends when it has given everything away', () => {
    const release = { do: 'release', node: 's2-0', why: 'it owns no slots' };
    expect(ending('s2-0', { 's2-0': { slots: [] } })).toEqual(waits('some slots are not seen with others yet'));
    // Its volume is of no use to anybody once all is served by others.
    const heir: Sketch = { ...sound['s1-0'], slots: [[5461, 16383]] };
    expect(ending('s2-0', { 's2-0': { slots: [] }, 's1-0': heir })).toEqual([{ ...release, drained: true }]);
  });

  test('keeps a slot that is half-way to it until it has gone on', () => {
    const half: Sketch = { slots: [], open: ['7<-s0-0'] };
    expect(ending('s2-0', { 's2-0': half })).toEqual(waits('slots are half-way to it'));
    const left = { leftovers: { slots: [7], seenMs: 10 } };
    const heir: Sketch = { ...sound['s1-0'], slots: [[5461, 16383]] };
    expect(ending('s2-0', { 's2-0': half, 's1-0': heir }, left)).toMatchObject([{ do: 'release' }]);
  });

  test('waits for those that stay where everybody is deleted at once, and not for ever', () => {
    expect(ending('s2-0', all, { forsakenMs: 200_000 })).toEqual(waits('no shard that stays answers'));
    expect(ending('s2-1', all, { forsakenMs: 200_000 })).toEqual(waits('s2-0 still has slots'));
    expect(ending('s2-0', all, { forsakenMs: 300_000 })).toMatchObject([{ do: 'release' }]);
  });

  test('waits for nobody where the whole database has been deleted', () => {
    expect(ending('s2-0', all, { forsakenMs: 0, disowned: true })).toMatchObject([{ do: 'release' }]);
    expect(ending('s2-1', all, { forsakenMs: 0, disowned: true })).toMatchObject([{ do: 'release' }]);
  });

  test('waits for nobody either where its mate went without a word, and nobody else is left', () => {
    const gone = Object.fromEntries(
      Object.keys(sound).map((name) => [
        name,
        name === 's0-0' ? sound[name]! : { ...sound[name], down: 'absent' as const, agent: false as const },
      ]),
    );
    expect(ending('s0-0', gone, { disowned: true })).toMatchObject([{ do: 'release' }]);
    expect(ending('s0-0', gone)).toEqual(waits('no replica is in sync to take over'));
  });

  test('does not go because those that stay cannot be reached for a moment', () => {
    const away = Object.fromEntries(
      ['s0-0', 's0-1', 's1-0', 's1-1'].map((name) => [name, { ...sound[name], down: 'unreachable' as const }]),
    );
    expect(ending('s2-0', away, { forsakenMs: 0 })).toEqual(waits('no shard that stays answers'));
  });
});

test('a shard that ends with all others waits for nobody, and one whose pods alone are deleted is drained', () => {
  const mates = { 's1-1': { follows: 's1-0', ending: true } };
  expect(plan('s1-0', mates)).toEqual([{ do: 'wait', why: 'ending: its slots are moving to the shards that stay' }]);
  const all = Object.fromEntries(Object.entries(sound).map(([name, sketch]) => [name, { ...sketch, ending: true }]));
  const seen = database(all);
  const view = ownView(seen, 's1-0', { stopping: true, stoppingMs: 100, told: true, forsakenMs: 0 });
  expect(end(view, config)).toMatchObject([{ do: 'release' }]);
});

test('a node that is its whole shard waits for news that this goes, which another may have, and not for long', () => {
  const single = clusterConfig(3, 0);
  const three = { 's0-0': sound['s0-0']!, 's1-0': sound['s1-0']!, 's2-0': { ...sound['s2-0'], ending: true } };
  const ending = (stoppingMs: number, others: Readonly<Record<string, Sketch>> = {}) =>
    end(ownView(database({ ...three, ...others }), 's2-0', { stopping: true, stoppingMs, told: true }), single);
  expect(ending(100)).toEqual([{ do: 'wait', why: 'ending: its shard may be about to go' }]);
  expect(ending(10_000)).toMatchObject([{ do: 'release' }]);
  expect(ending(60_000, { 's0-0': { ...sound['s0-0'], agent: { shards: 2 } } })).toEqual([
    { do: 'wait', why: 'ending: its slots are moving to the shards that stay' },
  ]);
});

describe('a replica of a shard that goes, whose primary is away', () => {
  const copy: Sketch = { follows: 's1-0', ending: true, server: { offset: 7, linkUp: false } };
  const gone: Sketch = { ...sound['s1-0'], down: 'unreachable', ending: true, agent: false };
  const missed = { believes: { 's1-0': { health: 'failed' as const } } };
  const mates = {
    's1-0': gone,
    's1-1': copy,
    's0-0': { ...sound['s0-0'], ...missed },
    's2-0': { ...sound['s2-0'], ...missed },
  };

  test('takes over: the engine elects nobody who was without a primary for long', () => {
    expect(plan('s1-1', mates, { stoppingMs: 60_000 })).toEqual([
      { do: 'failover', node: 's1-1', id: 's1-1', from: 's1-0', force: true },
    ]);
    expect(plan('s1-1', mates, { stoppingMs: 100 })).toMatchObject([{ do: 'wait' }]);
  });

  test('does not where most primaries still have word of it', () => {
    const one = { ...mates, 's0-0': sound['s0-0']!, 's2-0': sound['s2-0']! };
    expect(plan('s1-1', one, { stoppingMs: 60_000 })).toMatchObject([{ do: 'wait' }]);
  });
});
