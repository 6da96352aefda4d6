import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createLocalPlatform } from '../../../sidecar/local/platform';
import { layout } from '../../../sidecar/local/layout';
import { temporaryFolder } from './fixture';

const root = temporaryFolder();
const create = (database = 'orders') => createLocalPlatform({ root, database });

test('a lease that nobody has taken has no holder', async () => {
  expect(await create('new').readLease()).toEqual({ holder: '', version: '0', renewal: '0', durationMs: 0 });
});

test('of two that take the lease at the same version, one gets it', async () => {
  const [one, other] = [create(), create()];
  const { version } = await one.readLease();
  const taken = await Promise.all([one.takeLease('a', 15_000, version), other.takeLease('b', 15_000, version)]);
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await one.readLease()).toMatchObject({ holder: taken[0] ? 'a' : 'b', durationMs: 15_000 });
});

test('each renewal can be told from the last', async () => {
  const platform = create('renewed');
  const before = await platform.readLease();
  await platform.takeLease('a', 15_000, before.version);
  const first = await platform.readLease();
  await platform.takeLease('a', 15_000, first.version);
  expect((await platform.readLease()).renewal).not.toBe(first.renewal);
});

test('databases share nothing', async () => {
  await create('one').takeLease('a', 1_000, '0');
  expect((await create('two').readLease()).holder).toBe('');
});

test('the agents are paused until they are not', async () => {
  const platform = create('pauses');
  await platform.writePause(true);
  expect(await create('pauses').readLease()).toMatchObject({ paused: true });
  await platform.writePause(false);
  expect(await platform.readLease()).not.toHaveProperty('paused');
});

test('a shard is to be drained until its time is up, or nobody asks any more', async () => {
  const platform = create('drains');
  const order = { by: 'test', shards: ['shard-3'] };
  await platform.writeDrain(order, 60_000);
  expect(await create('drains').readLease()).toMatchObject({ drain: order });
  await platform.writeDrain(order, -1);
  expect(await platform.readLease()).not.toHaveProperty('drain');
  await platform.writeDrain(undefined);
  expect(await platform.readLease()).not.toHaveProperty('drain');
});

test('a node is fenced until it is not', async () => {
  const platform = create('fences');
  expect(await platform.readFence('fences-server-0')).toBe(false);
  await platform.writeFence('fences-server-0', true);
  expect(await create('fences').readFence('fences-server-0')).toBe(true);
  await platform.writeFence('fences-server-0', false);
  await platform.writeFence('fences-server-0', false);
  expect(await platform.readFence('fences-server-0')).toBe(false);
});

test('roles, status and announcements can be read by people', async () => {
  const platform = create();
  await platform.labelRole('orders-shard-0-0', 'primary');
  await platform.publishStatus('{"health":"Healthy"}');
  await platform.announce({ do: 'wait', why: 'nothing' }, 'wait: nothing');
  const folder = layout.platform(root, 'orders');
  expect(readFileSync(join(folder, 'roles', 'orders-shard-0-0'), 'utf8')).toBe('primary');
  expect(readFileSync(layout.status(root, 'orders'), 'utf8')).toBe('{"health":"Healthy"}');
  expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe('{"action":"wait","sentence":"wait: nothing"}\n');
});
