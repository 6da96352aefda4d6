import type { DatabaseStatus, NodeStatus } from '../../../sidecar/health';
import { formatBytes, renderHeadline, renderStatus } from '../../../sidecar/status/table';

const primary: NodeStatus = {
  name: 'orders-shard-0-0',
  shard: 'shard-0',
  role: 'primary',
  state: 'up',
  slots: '0-16383',
  slotCount: 16_384,
  offset: 1_234_567,
  memoryUsedBytes: 2_500_000,
  memoryMaxBytes: 192 * 1024 ** 2,
  clients: 3,
  host: 'node1',
  zone: 'zone-a',
  health: 'Healthy',
  reasons: [],
};

const replica: NodeStatus = {
  ...primary,
  name: 'orders-shard-0-1',
  role: 'replica',
  slots: '',
  slotCount: 0,
  offset: 1_234_000,
  lagBytes: 567,
  memoryMaxBytes: 0,
  host: 'node2',
  zone: '',
};

const held: NodeStatus = {
  ...primary,
  name: 'orders-shard-0-2',
  role: 'none',
  state: 'held',
  slots: '',
  slotCount: 0,
  host: '',
  zone: '',
  health: 'Degraded',
  reasons: ['is held'],
};

const status: DatabaseStatus = {
  database: 'orders',
  namespace: 'shop',
  engine: 'valkey 8.1',
  topology: 'cluster',
  health: 'Degraded',
  reasons: ['orders-shard-0-2 is held'],
  nodes: [primary, replica, held],
};

test('a status reads as a sentence, its reasons, and a line a node', () => {
  expect(renderStatus(status)).toBe(
    `orders is Degraded: 2 of 3 nodes up, all 16384 slots served (valkey 8.1, cluster)
  - orders-shard-0-2 is held

NODE              ROLE     STATE  SLOTS     OFFSET    LAG              MEMORY  HOST            HEALTH
orders-shard-0-0  primary  up     0-16383  1234567      -  2.4 MiB of 192 MiB  node1 (zone-a)  Healthy
orders-shard-0-1  replica  up     -        1234000  567 B             2.4 MiB  node2           Healthy
orders-shard-0-2  none     held   -              -      -                   -                  Degraded
`,
  );
});

test('slots that nobody serves are in the headline', () => {
  const nodes = [{ ...primary, slots: '0-99', slotCount: 100 }];
  expect(renderHeadline({ ...status, health: 'Critical', nodes })).toBe(
    'orders is Critical: 1 of 1 nodes up, 100 of 16384 slots served (valkey 8.1, cluster)',
  );
});

test('many slot ranges are counted', () => {
  const slots = '0-100,200-300,400-500,600-700';
  expect(renderStatus({ ...status, nodes: [{ ...primary, slots, slotCount: 404 }] })).toContain('404 in 4 ranges');
});

test('many reasons are counted', () => {
  const reasons = Array.from({ length: 14 }, (_unused, i) => `reason ${i}`);
  const text = renderStatus({ ...status, reasons });
  expect(text).toContain('  - reason 9\n  - and 4 more\n');
  expect(text).not.toContain('reason 10');
});

test('a table that is too wide for a terminal does without what is needed least', () => {
  const titles = (width: number) => renderStatus(status, width).split('\n')[3]!.split(/ +/);
  expect(titles(200)).toContain('MEMORY');
  expect(titles(80)).toEqual(['NODE', 'ROLE', 'STATE', 'SLOTS', 'OFFSET', 'LAG', 'HEALTH']);
  expect(titles(1)).toEqual(['NODE', 'ROLE', 'SLOTS', 'LAG', 'HEALTH']);
});

test('hosts that nobody knows take no column', () => {
  const nodes = [{ ...primary, host: '', zone: '' }];
  expect(renderStatus({ ...status, nodes })).not.toContain('HOST');
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_536, '1.5 KiB'],
  [1_023_000, '999 KiB'],
  [192 * 1024 ** 2, '192 MiB'],
  [3 * 1024 ** 4, '3.0 TiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('a shard that leaves is a line, with who asks', () => {
  const leaves = (drain: DatabaseStatus['drain']): string => renderStatus({ ...status, drain: drain! }).split('\n')[1]!;
  const shards = ['shard-3', 'shard-4'];
  expect(leaves({ by: 'orders-drain-x', shards, slots: 1024, done: false })).toBe(
    '  shard-3, shard-4 leave, as orders-drain-x asks: 1024 slots to go',
  );
  expect(leaves({ shards: ['shard-3'], slots: 0, done: true })).toBe('  shard-3 leaves: drained');
});
