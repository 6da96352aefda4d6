/** Shards that somebody asks to be drained while the configuration has them: what is planned, and what is said of it. */
import { parseDrainOrder, renderDrainOrder } from '../../sidecar/drain-order';
import { judgeDrain, whyNothingMoves } from '../../sidecar/drain';
import { judge } from '../../sidecar/health';
import { planDatabase, planSlots } from '../../sidecar/plan';
import type { DatabaseView } from '../../sidecar/view';
import { clusterConfig } from './support/config';
import { database, type Sketch } from './support/views';

const config = clusterConfig(3, 1);
const order = { by: 'db-drain-x', shards: ['s2'] };

const sound: Readonly<Record<string, Sketch>> = {
  's0-0': { slots: [[0, 5461]], epoch: 1 },
  's0-1': { follows: 's0-0' },
  's1-0': { slots: [[5462, 10922]], epoch: 2 },
  's1-1': { follows: 's1-0' },
  's2-0': { slots: [[10923, 16383]], epoch: 3 },
  's2-1': { follows: 's2-0' },
};

const drained: typeof sound = {
  ...sound,
  's0-0': {
    slots: [
      [0, 5461],
      [10923, 13652],
    ],
    epoch: 1,
  },
  's1-0': {
    slots: [
      [5462, 10922],
      [13653, 16383],
    ],
    epoch: 2,
  },
  's2-0': { epoch: 3 },
};

const asked = (sketches: typeof sound): DatabaseView => ({ ...database(sketches), drain: order });
const plan = (view: DatabaseView) => planSlots({ database: view, accounts: {}, largeKeys: [] }, config);

test('its slots go to the shards that stay', () => {
  const actions = plan(asked(sound));
  expect(actions).toMatchObject([{ do: 'move-slots', from: { node: 's2-0' }, to: { node: 's0-0' } }]);
  expect(judgeDrain(asked(sound), config)).toEqual({ ...order, slots: 5461, done: false });
});

test('once it is empty there is nothing to do, nothing wrong, and no node is forgotten or made another', () => {
  const view = asked(drained);
  expect(plan(view)).toEqual([]);
  expect(planDatabase(view, config)).toEqual([]);
  expect(judgeDrain(view, config)).toEqual({ ...order, slots: 0, done: true });
  expect(judge(config, view)).toMatchObject({ health: 'Healthy', drain: { done: true } });
});

test('when nobody asks any more it gets its share again', () => {
  const actions = plan(database(drained));
  expect(actions).toMatchObject([
    { from: { node: 's0-0' }, to: { node: 's2-0' } },
    { from: { node: 's1-0' }, to: { node: 's2-0' } },
  ]);
});

test('it is not drained while it has a slot, while one is half-way, or while another shard is away', () => {
  const open = { ...drained, 's0-0': { ...drained['s0-0'], open: ['10923-<-s2-0'] }, 's2-0': { epoch: 3, slots: [] } };
  expect(judgeDrain(asked({ ...open, 's2-0': { ...sound['s2-0'] } }), config)).toMatchObject({ done: false });
  const away = { ...drained, 's1-0': { ...drained['s1-0'], down: 'unreachable' as const } };
  expect(judgeDrain(asked(away), config)).toMatchObject({ slots: 8192, done: false });
  const both = { ...sound, 's1-0': { ...sound['s1-0'], down: 'unreachable' as const } };
  expect(judgeDrain(asked(both), config)).toMatchObject({ slots: 5461, done: false });
  const arriving = { ...drained, 's2-0': { epoch: 3, open: ['5<-id of s0-0'] } };
  expect(judgeDrain(asked(arriving), config)).toMatchObject({ slots: 0 });
});

test('it is drained although its nodes are gone, where the others serve all', () => {
  const gone = { ...drained, 's2-0': { down: 'unreachable' as const }, 's2-1': { down: 'unreachable' as const } };
  expect(judgeDrain(asked(gone), config)).toMatchObject({ slots: 0, done: true });
});

test('a shard that the configuration no longer has is told of without anybody asking', () => {
  const seen = database(sound);
  const view = { ...seen, nodes: seen.nodes.slice(0, 4), leaving: seen.nodes.slice(4) };
  const two = { ...config, shards: config.shards.slice(0, 2) };
  expect(judgeDrain(view, two)).toEqual({ shards: ['s2'], slots: 5461, done: false });
  expect(judgeDrain(seen, config)).toBeUndefined();
});

test('why nothing moves is said where nothing does', () => {
  const view = { database: asked(sound), accounts: {}, largeKeys: [] };
  const wait = { do: 'wait', why: 'no room' } as const;
  const outcome = { view, actions: [wait], failures: [], sentence: '' };
  expect(whyNothingMoves(outcome, config)).toBe('no room');
  const [move] = plan(asked(sound));
  expect(whyNothingMoves({ ...outcome, actions: [move!] }, config)).toBeUndefined();
  const failures = [{ action: move!, reason: 'refused' }];
  expect(whyNothingMoves({ ...outcome, actions: [move!], failures }, config)).toBe('refused');
  expect(whyNothingMoves({ ...outcome, actions: [] }, config)).toBeUndefined();
});

test('an order is read until its time is up, and nothing else is', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  const text = renderDrainOrder(order, 60_000, now);
  expect(JSON.parse(text)).toEqual({ ...order, until: '2026-11-22T10:01:00.000Z' });
  expect(parseDrainOrder(text, new Date('2026-11-22T10:00:59Z'))).toEqual(order);
  expect(parseDrainOrder(text, new Date('2026-11-22T10:01:00Z'))).toBeUndefined();
  for (const other of [undefined, '', '{', '{"shards":"s2"}', '{"by":"x","shards":["s2"],"until":"soon"}']) {
    expect(parseDrainOrder(other, now)).toBeUndefined();
  }
});
