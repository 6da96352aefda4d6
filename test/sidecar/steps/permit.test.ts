/** Safety rule: a node never becomes a primary by starting. Every line of the table is one situation of a node that is held. */
import { describe as say } from '../../../sidecar/action';
import { permit } from '../../../sidecar/steps/permit';
import type { OwnView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const bound = 2 * config.nodeTimeoutMs;

/** `s0-0` owned slots and is held; the others as told. */
const held = (others: Readonly<Record<string, Sketch>> = {}, own: Partial<OwnView> = {}): OwnView =>
  ownView(database({ ...sound, 's0-0': { ...sound['s0-0'], down: 'absent' }, ...others }), 's0-0', own);

const decide = (view: OwnView, given = config): string => permit(view, given).map(say).join('; ');

const start = 'let s0-0 start';
const hold = 'wait: held';
const unlinked: Sketch = { follows: 's0-0', server: { linkUp: false, linkSilentSeconds: bound / 1000 } };
const gone: Sketch = { follows: 's0-0', down: 'unreachable', agent: false };
const lost = { hasData: false, cluster: { id: 's0-0', role: 'primary', configEpoch: 1, slots: [[0, 5460]] } } as const;

const withoutOthers = (view: OwnView): OwnView =>
  Object.fromEntries(Object.entries(view).filter(([key]) => key !== 'database')) as unknown as OwnView;

describe('a dead primary', () => {
  test.each<[string, OwnView, string]>([
    ['waits for its replica', held(), `${hold}: s0-1 may take over`],
    ['waits for a replica that does not say what it is', held({ 's0-1': gone }), `${hold}: s0-1 may take over`],
    [
      'waits for a replica that only its own agent still reaches',
      held({ 's0-1': { follows: 's0-0', down: 'unreachable', agent: { server: 'up' } } }),
      `${hold}: s0-1 may take over`,
    ],
    [
      'waits for a replica that loads its data',
      held({ 's0-1': { follows: 's0-0', server: { loading: true } } }),
      `${hold}: s0-1 may take over`,
    ],
    [
      'starts with its data when nobody took over in time',
      held({ 's0-1': unlinked }, { heldMs: bound }),
      `${start}: nobody took over within ${bound} ms, and it has data`,
    ],
    [
      'does not start without data, however long that takes',
      held({ 's0-1': gone }, { heldMs: 100 * bound, disk: lost }),
      `${hold}: its volume has no data, and no other node has taken over`,
    ],
    [
      'starts at once where the replica is held too',
      held({ 's0-1': { follows: 's0-0', down: 'absent' } }),
      `${start}: no other node can take over`,
    ],
    [
      'starts at once where the replica is ending and silent',
      held({ 's0-1': { ...gone, ending: true } }),
      `${start}: no other node can take over`,
    ],
    [
      'starts as a replica once another has its slots',
      held({ 's0-1': { slots: [[0, 5460]], epoch: 9 } }),
      `${start}: its slots are served by others, it will follow`,
    ],
    [
      'does not take a table that is older than its own promotion for news of a successor',
      held({
        's0-0': { slots: [[0, 5460]], epoch: 8, down: 'absent' },
        's1-1': { follows: 's1-0', believes: { 's0-1': { role: 'primary', slots: [[0, 5460]], configEpoch: 7 } } },
      }),
      `${hold}: s0-1 may take over`,
    ],
    [
      'waits for one that was primary after it, although that does not run and nobody else has heard of it',
      ownView(
        database({
          's0-0': { slots: [[0, 5460]], down: 'absent' },
          's0-1': { slots: [[0, 5460]], epoch: 9, down: 'absent' },
        }),
        's0-0',
        { heldMs: bound },
      ),
      `${hold}: s0-1 was primary after it`,
    ],
    [
      'looks at the others before anything else',
      withoutOthers(held()),
      `${hold}: the other nodes have not been looked at yet`,
    ],
  ])('%s', (_what, view, decision) => {
    expect(decide(view)).toBe(decision);
  });
});

describe('without persistence', () => {
  const memory = clusterConfig(3, 1, { persistence: 'off' });

  test('a dead primary starts empty where nobody has a copy either: there is nothing left to protect', () => {
    const view = held({ 's0-1': { follows: 's0-0', down: 'absent' } }, { disk: lost });
    expect(decide(view, memory)).toBe(`${start}: its data was in memory only, and nobody has a copy`);
  });

  test('it stays held for ever while a replica has its data', () => {
    expect(decide(held({}, { disk: lost, heldMs: 100 * bound }), memory)).toMatch(hold);
  });
});

test('a node without slots may start at any time', () => {
  const replica = database({ ...sound, 's0-1': { follows: 's0-0', down: 'absent' } });
  expect(decide(ownView(replica, 's0-1'))).toBe('let s0-1 start: it owns no slots');
  const another: Sketch = { slots: [[0, 5460]], epoch: 9 };
  expect(decide(held({ 's0-1': another }, { disk: { hasData: false } }))).toBe(`${start}: it owns no slots`);
});

test('the only node of a shard starts with what it has', () => {
  const alone = database({ 's0-0': { slots: [[0, 16383]], down: 'absent' } });
  expect(decide(ownView(alone, 's0-0'))).toBe(`${start}: its shard has no other node`);
});

test('a permit names the start it is for, and is not given twice', () => {
  expect(permit(held({}, { heldMs: bound }), config)).toMatchObject([{ do: 'permit', start: 'this start' }]);
  expect(permit(held({}, { heldMs: bound, permitted: true }), config)).toEqual([]);
});

test.each<[string, Partial<OwnView>]>([
  ['runs', { server: { state: 'unreachable', reason: 'it hangs' } }],
  ['has not asked yet', { start: undefined }],
])('there is nothing to permit to a server that %s', (_what, own) => {
  expect(permit(held({}, { heldMs: bound, ...own }), config)).toEqual([]);
});

describe('a node whose id nobody knows any more', () => {
  const forgotten = {
    hasData: true,
    cluster: { id: 'forgotten', role: 'replica', configEpoch: 1, slots: [] },
  } as const;

  test('starts empty and under a new one: told to forget, the others would take every slot from it', () => {
    const [action] = permit(held({ 's0-1': { slots: [[0, 5460]] } }, { disk: forgotten }), config);
    expect(action).toMatchObject({ do: 'permit', anew: true });
  });

  test('keeps its data where some slot is served by nobody', () => {
    const [action] = permit(held({}, { disk: forgotten }), config);
    expect(action).not.toHaveProperty('anew');
  });

  test('keeps it where somebody still knows it', () => {
    const known = { ...forgotten, cluster: { ...forgotten.cluster, id: 's0-0' } };
    const [action] = permit(held({ 's0-1': { slots: [[0, 5460]] } }, { disk: known }), config);
    expect(action).not.toHaveProperty('anew');
  });
});
