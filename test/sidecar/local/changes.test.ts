import type { DatabaseStatus, NodeStatus } from '../../../sidecar/health';
import { describeChanges } from '../../../sidecar/local/changes';

const node = (name: string, facts: Partial<NodeStatus>): NodeStatus => ({
  name,
  shard: 'shard-0',
  role: 'none',
  state: 'down',
  slots: '',
  slotCount: 0,
  offset: 0,
  memoryUsedBytes: 0,
  memoryMaxBytes: 0,
  clients: 0,
  host: '',
  zone: '',
  health: 'Healthy',
  reasons: [],
  ...facts,
});

const status = (nodes: readonly NodeStatus[], health: DatabaseStatus['health'] = 'Critical'): DatabaseStatus => ({
  database: 'orders',
  namespace: 'shop',
  engine: 'valkey 8.1',
  topology: 'cluster',
  health,
  reasons: [],
  nodes,
});

const down = status([node('a', {}), node('b', {})]);

test('the first look tells of every node and of the whole', () => {
  expect(describeChanges(undefined, down)).toEqual([
    'a is down',
    'b is down',
    'orders is Critical: 0 of 2 nodes up, 0 of 16384 slots served (valkey 8.1, cluster)',
  ]);
});

test('a later look tells what is different', () => {
  const primary = node('a', { state: 'up', role: 'primary', slots: '0-16383', slotCount: 16_384 });
  expect(describeChanges(down, status([primary, node('b', { state: 'held' })], 'Degraded'))).toEqual([
    'a is primary of slots 0-16383',
    'b is held',
    'orders is Degraded: 1 of 2 nodes up, all 16384 slots served (valkey 8.1, cluster)',
  ]);
});

test('numbers that change all the time are no change', () => {
  expect(describeChanges(down, status([node('a', { offset: 7 }), node('b', { clients: 3 })]))).toEqual([]);
});

test('a node that is up and has no shard yet is told from a replica', () => {
  const now = status([node('a', { state: 'up', role: 'primary' }), node('b', { state: 'up', role: 'replica' })]);
  expect(describeChanges(down, now).slice(0, 2)).toEqual(['a is up, without slots', 'b is a replica']);
});
