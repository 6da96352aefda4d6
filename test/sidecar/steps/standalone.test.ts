/** The only node of a database: nobody has newer data, nobody could take over. */
import { planDatabase, planLabel, planNode } from '../../../sidecar/plan';
import { judge } from '../../../sidecar/health';
import type { DatabaseView, OwnView, ServerUp, ServerView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { calm } from '../support/views';

const config = clusterConfig(1, 0, { topology: 'standalone' });
const name = 's0-0';

const serving: ServerUp = {
  state: 'up',
  version: '8.1.0',
  role: 'primary',
  loading: false,
  offset: 7,
  linkUp: true,
  linkSilentSeconds: 0,
  connectedReplicas: 0,
  connectedClients: 2,
  usedMemoryBytes: 50,
  maxMemoryBytes: 100,
};
const silent: ServerView = { state: 'absent', reason: 'refused' };

const own = (rest: Partial<OwnView>): OwnView => ({
  name,
  shard: 's0',
  server: silent,
  disk: { hasData: false },
  ...calm,
  start: 'a1',
  ...rest,
});
const plan = (rest: Partial<OwnView>) => planNode(own(rest), config);

const seen = (server: ServerView, ending = false): DatabaseView => ({
  nodes: [{ name, shard: 's0', ending, server }],
  strangers: {},
});

test('starts once for each start of its container, with or without data', () => {
  const permit = { do: 'permit', node: name, start: 'a1', why: 'the database has no other node', role: 'alone' };
  expect(plan({})).toEqual([permit]);
  expect(plan({ disk: { hasData: true }, heldMs: 60_000 })).toEqual([permit]);
  expect(plan({ permitted: true })).toEqual([]);
  expect(plan({ server: serving })).toEqual([]);
  expect(planNode({ ...own({}), start: undefined }, config)).toEqual([]);
});

describe('where the spec names a primary elsewhere', () => {
  const replicaOf = { host: 'old.example', port: 6380, auth: 'off', tls: 'off' } as const;
  const elsewhere = 'old.example:6380';
  const source = { name: elsewhere, port: 7000 };
  const follow = (rest: Partial<OwnView>) => planNode(own({ source, ...rest }), { ...config, replicaOf });
  const copy = { history: 'stream', priority: 100, floor: 0, keys: 3 };
  const linked = { ...serving, copy: { ...copy, source: { port: 7000, up: true, silentSeconds: 0 } } };

  test('it starts as its replica, noted before as one that has its data', () => {
    expect(follow({})).toEqual([{ do: 'note-source', node: name, name: elsewhere }]);
    const role = { follow: { ip: '127.1', client: 7000 }, alone: true };
    for (const hasData of [false, true]) {
      expect(follow({ disk: { hasData, source: elsewhere } })).toMatchObject([{ do: 'permit', role }]);
    }
    expect(follow({ disk: { hasData: true, source: 'other:1' } })).toMatchObject([{ do: 'permit', role }]);
    expect(planNode(own({ disk: { hasData: false, source: elsewhere } }), { ...config, replicaOf })).toEqual([
      { do: 'wait', why: 'held: the way to old.example:6380 is not open yet' },
    ]);
  });

  test('with data of its own it starts and serves as before, and says so', () => {
    expect(follow({ disk: { hasData: true } })).toMatchObject([{ do: 'permit', role: 'alone' }]);
    expect(follow({ server: { ...serving, copy }, disk: { hasData: true } })).toEqual([]);
    expect(judge({ ...config, replicaOf }, seen({ ...serving, copy }))).toMatchObject({
      health: 'Warning',
      source: { name: elsewhere, state: 'refused' },
    });
  });

  test('clients that write are not sent to it, until the spec names nobody', () => {
    const disk = { hasData: true, source: elsewhere };
    expect(follow({ server: linked, disk })).toEqual([]);
    expect(planLabel(own({ server: linked, labelledRole: 'primary' }), config)).toMatchObject([{ role: 'replica' }]);
    expect(planNode(own({ server: linked, disk }), config)).toEqual([{ do: 'note-source', node: name }]);
    expect(planNode(own({ server: linked }), config)).toEqual([{ do: 'lead-alone', node: name }]);
    expect(planNode(own({ disk }), config)).toEqual([{ do: 'note-source', node: name }]);
    expect(judge(config, seen(linked)).nodes).toMatchObject([{ role: 'replica', state: 'up' }]);
  });
});

test('is held while it is not clear whom to let in, and is told of changes while it serves', () => {
  const reason = 'line 2 is no user';
  expect(plan({ accounts: { state: 'unclear', reason } })).toEqual([{ do: 'wait', why: `held: ${reason}` }]);
  expect(plan({ server: serving, accounts: { state: 'changed' } })).toEqual([{ do: 'set-accounts', node: name }]);
});

test('ends at once when it is told to, and is not started again', () => {
  expect(plan({ stopping: true, server: serving })).toEqual([
    { do: 'release', node: name, why: 'the database has no other node' },
  ]);
  expect(plan({ stopping: true, released: true })).toEqual([{ do: 'wait', why: 'ending' }]);
});

test('has nothing done to it by a coordinator, who waits until it serves, unless it is fenced', () => {
  const loading = seen({ ...serving, loading: true });
  expect(planDatabase(seen(serving), config)).toEqual([]);
  expect(planDatabase(seen(silent), config)).toEqual([{ do: 'wait', why: `${name} does not answer` }]);
  expect(planDatabase(loading, config)).toEqual([{ do: 'wait', why: `${name} is loading its data` }]);
  const fenced = { ...seen(silent), nodes: [{ ...seen(silent).nodes[0]!, fenced: 'asked for' }] };
  expect(planDatabase(fenced, config)).toEqual([]);
});

test('is healthy while it serves, and critical while it does not', () => {
  expect(judge(config, seen(serving))).toMatchObject({
    topology: 'standalone',
    health: 'Healthy',
    reasons: [],
    nodes: [{ name, role: 'primary', state: 'up', slotCount: 0, offset: 7, memoryUsedBytes: 50, clients: 2 }],
  });
  for (const [view, state, reason] of [
    [seen(silent), 'down', 'does not answer: refused'],
    [seen({ ...serving, loading: true }), 'loading', 'is loading its data'],
    [seen(serving, true), 'down', 'is ending'],
  ] as const) {
    const status = judge(config, view);
    expect(status).toMatchObject({
      health: 'Critical',
      reasons: [`${name} ${reason}`],
      nodes: [{ role: 'none', state }],
    });
  }
});

test('is a warning when its memory is nearly full', () => {
  expect(judge(config, seen({ ...serving, usedMemoryBytes: 95 }))).toMatchObject({
    health: 'Warning',
    reasons: [`${name} uses 95 % of its memory`],
  });
});
