/** What is done about slots that somebody left half-way, and what is left alone. */
import { planSlots } from '../../../../sidecar/plan';
import { replicate } from '../../../../sidecar/steps/replicate';
import { clusterConfig } from '../../support/config';
import { database, sound, type Sketch } from '../../support/views';

const config = clusterConfig(3, 1);
const slot = sound['s1-0']!.slots![0]![0];

const plan = (others: Readonly<Record<string, Sketch>>) =>
  planSlots({ database: database({ ...sound, ...others }), accounts: {}, largeKeys: [] }, config);

const half: Sketch = { ...sound['s0-0'], open: [`${slot}<-s1-0`] };

test('nothing is done where every slot is where it is to stay', () => {
  expect(plan({})).toEqual([]);
});

test('a slot that is marked at its target alone is finished: its keys may be nowhere else', () => {
  expect(plan({ 's0-0': half })[0]).toMatchObject({ do: 'move-slots', slots: [[slot, slot]], begun: true });
});

test('one of which the target came back with keys is left to its agent', () => {
  expect(plan({ 's0-0': { ...half, agent: { leftovers: [slot] } } })).toEqual([]);
});

test('nobody but its agent can say which of the two it is', () => {
  expect(plan({ 's0-0': { ...half, agent: false } })).toEqual([expect.objectContaining({ do: 'wait' })]);
  // It has not looked since the server was started.
  expect(plan({ 's0-0': { ...half, agent: { server: 'held' } } })).toEqual([expect.objectContaining({ do: 'wait' })]);
});

test('one that is marked at both ends is half-way, whatever its target came back with', () => {
  const source: Sketch = { ...sound['s1-0'], open: [`${slot}->s0-0`] };
  expect(plan({ 's0-0': { ...half, agent: { leftovers: [slot] } }, 's1-0': source })[0]).toMatchObject({
    do: 'move-slots',
    slots: [[slot, slot]],
    begun: true,
  });
});

test('a primary that was left as what it began a migration as is called back first', () => {
  const left: Sketch = { ...sound['s1-0'], cluster: { replicationUser: 'migration@test/db' } };
  expect(plan({ 's0-0': half, 's1-0': left })).toEqual([
    { do: 'sign-back-in', at: expect.objectContaining({ node: 's1-0' }) as unknown },
  ]);
});

test('a new shard without replicas is given its share, and is not told to follow itself', () => {
  const seen = database({ ...sound, 's3-0': {} });
  const four = { ...config, shards: [...config.shards, { name: 's3', nodes: [{ name: 's3-0', host: 's3-0.db' }] }] };
  expect(replicate(seen, four)).toEqual([]);
  const actions = planSlots({ database: seen, accounts: {}, largeKeys: [] }, four);
  expect(actions.map((action) => 'to' in action && action.to.node)).toEqual(['s3-0', 's3-0', 's3-0']);
});

test('a source that has slots half-way begins nothing new', () => {
  const source: Sketch = { ...sound['s1-0'], open: [`${slot}->s0-0`] };
  const seen = database({ ...sound, 's0-0': half, 's1-0': source, 's3-0': {} });
  const actions = planSlots({ database: seen, accounts: {}, largeKeys: [] }, config);
  const begun = actions.filter(
    (action) => 'from' in action && typeof action.from === 'object' && action.from.node === 's1-0',
  );
  expect(begun).toEqual([expect.objectContaining({ begun: true, slots: [[slot, slot]] })]);
});

test('a shard whose slots are served beside those of another shard gets them back from there, and no other', () => {
  const seen = database({
    ...sound,
    's0-1': { slots: sound['s1-0']!.slots!, epoch: 4 },
    's1-0': {},
    's1-1': { follows: 's0-1' },
  });
  expect(replicate(seen, config)).toEqual([]);
});

test('nothing is sent to a server that has not heard what its source owns', () => {
  const deaf: Sketch = { believes: { 's0-0': { slots: [] }, 's1-0': { slots: [] }, 's2-0': { slots: [] } } };
  const seen = database({ ...sound, 's3-0': deaf });
  const four = { ...config, shards: [...config.shards, { name: 's3', nodes: [{ name: 's3-0', host: 's3-0.db' }] }] };
  expect(planSlots({ database: seen, accounts: {}, largeKeys: [] }, four)).toEqual([
    { do: 'wait', why: 's3-0 has not heard yet what s0-0 owns' },
  ]);
});

test('nothing is sent to a server that somebody does not know: its claim would go unheard there', () => {
  const seen = database({ ...sound, 's2-1': { follows: 's2-0', knows: Object.keys(sound) }, 's3-0': {} });
  const four = { ...config, shards: [...config.shards, { name: 's3', nodes: [{ name: 's3-0', host: 's3-0.db' }] }] };
  expect(planSlots({ database: seen, accounts: {}, largeKeys: [] }, four)).toEqual([
    { do: 'wait', why: 's2-1 does not know s3-0 yet' },
  ]);
});

test('a target that was marked before it heard so is told first: it takes no news of such a slot', () => {
  const deaf: Sketch = { ...half, believes: { 's1-0': { slots: [[slot + 1, slot + 10]] } } };
  expect(plan({ 's0-0': deaf })).toEqual([
    {
      do: 'name-owner',
      at: expect.objectContaining({ node: 's0-0' }) as unknown,
      owner: expect.objectContaining({ node: 's1-0' }) as unknown,
      slots: [[slot, slot]],
    },
  ]);
});

test('a shard that leaves is drained although another is down, and nothing else is moved then', () => {
  const seen = database({ ...sound, 's0-0': { ...sound['s0-0'], down: 'unreachable' } });
  const leaving = { ...seen, nodes: seen.nodes.slice(0, 4), leaving: seen.nodes.slice(4) };
  const two = { ...config, shards: config.shards.slice(0, 2) };
  const actions = planSlots({ database: leaving, accounts: {}, largeKeys: [] }, two);
  expect(actions).toMatchObject([
    { do: 'move-slots', from: { node: 's2-0' }, to: { node: 's1-0' }, slots: sound['s2-0']!.slots! },
  ]);
});

describe('where the spec says so', () => {
  const seen = database({ ...sound, 's3-0': {} });
  const shards = [...config.shards, { name: 's3', nodes: [{ name: 's3-0', host: 's3-0.db' }] }];
  const idOf = (name: string): string => {
    const { server } = seen.nodes.find((node) => node.name === name)!;
    return server.state === 'up' ? server.cluster!.id : '';
  };
  const running = {
    's0-0': {
      keys: 1,
      migrations: [{ toId: idOf('s3-0'), slots: [[0, 9]], state: 'running', reason: '', quietMs: 0 }],
    },
  } as const;
  const planAs = (rebalancing: 'paused' | 'cancelled', accounts = {}) =>
    planSlots({ database: seen, accounts, largeKeys: [] }, { ...config, shards, rebalancing });

  test.each(['paused', 'cancelled'] as const)('nothing new is begun: %s', (rebalancing) => {
    expect(planAs(rebalancing)).toEqual([{ do: 'wait', why: `rebalancing is ${rebalancing}: 4096 slots would move` }]);
  });

  test('what the engine is moving is called off, and left alone in a mere pause', () => {
    expect(planAs('cancelled', running)).toMatchObject([{ do: 'cancel-migrations', from: { node: 's0-0' } }]);
    expect(planAs('paused', running)).toMatchObject([{ do: 'wait' }]);
  });
});
