import { createKubePlatform } from '../../../sidecar/kube/platform';
import { nobody } from '../../../sidecar/record';
import { createMemoryLog } from '../support/log';
import { createMemoryApi, merge, type Json } from '../support/memory-api';

const leasePath = '/apis/coordination.k8s.io/v1/namespaces/shop/leases/orders-coordinator';
const podPath = '/api/v1/namespaces/shop/pods/orders-0-1';
const statusPath = '/api/v1/namespaces/shop/configmaps/orders-status';

const failover = { do: 'failover', node: 'orders-0-1', id: 'its id', from: 'orders-0-0', force: true } as const;

const inGit = (): Record<string, Json> => ({
  [leasePath]: { metadata: { resourceVersion: '1' }, spec: {} },
  [podPath]: { metadata: { resourceVersion: '1', uid: 'uid-of-pod', labels: { app: 'orders' } } },
  [statusPath]: { metadata: { resourceVersion: '1', uid: 'uid-of-status', labels: { app: 'orders' } } },
});

function createWorld(objects = inGit()) {
  const log = createMemoryLog();
  const names = { namespace: 'shop', database: 'orders', node: 'orders-2-0' };
  const platform = createKubePlatform({ client: createMemoryApi(objects), log, ...names });
  const events = () => Object.entries(objects).flatMap(([path, object]) => (path.includes('/events/') ? [object] : []));
  return { objects, log, platform, events };
}

test('the first agent makes the Lease, which goes with the status; another that was as fast takes what is there', async () => {
  const { [leasePath]: lease, ...objects } = inGit();
  expect(lease).toBeDefined();
  const [first, second] = [createWorld(objects), createWorld(objects)];
  const [made] = await Promise.all([first.platform.readLease(), second.platform.readLease()]);
  expect(made).toMatchObject({ holder: '', renewal: '' });
  expect(objects[leasePath]!.metadata).toMatchObject({
    labels: { app: 'orders' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'orders-status', uid: 'uid-of-status' }],
  });
});

test('a Lease that was never held is held by nobody', async () => {
  const { platform, objects } = createWorld();
  const free = { holder: '', renewal: '', durationMs: 0 };
  expect(await platform.readLease()).toMatchObject({ ...free, version: '1' });
  objects[leasePath] = { metadata: { resourceVersion: '7' } };
  expect(await platform.readLease()).toMatchObject({ ...free, version: '7' });
});

test('a lease that is taken says since when, by whom and for how long', async () => {
  const { platform, objects } = createWorld();
  const { version } = await platform.readLease();
  expect(await platform.takeLease('a', 15_000, version)).toBe(true);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;
  expect(objects[leasePath]!.spec).toEqual({
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    acquireTime: time,
    renewTime: time,
    leaseTransitions: 0,
  });
  expect(await platform.readLease()).toMatchObject({ holder: 'a', durationMs: 15_000, renewal: time, version: '2' });
});

test('a renewal changes the time of renewal and nothing else', async () => {
  const { platform, objects } = createWorld();
  const first = await platform.readLease();
  await platform.takeLease('a', 15_000, first.version);
  const taken = objects[leasePath]!.spec;
  await new Promise((resolve) => setTimeout(resolve, 2));
  const second = await platform.readLease();
  expect(await platform.takeLease('a', 15_000, second.version)).toBe(true);
  const { renewal } = await platform.readLease();
  expect(renewal).not.toBe(second.renewal);
  expect(objects[leasePath]!.spec).toEqual({ ...(taken as Json), renewTime: renewal });
});

test('a lease that changes hands counts it, also where it was given up between', async () => {
  const { platform, objects } = createWorld();
  for (const holder of ['a', '', 'b']) await platform.takeLease(holder, 15_000, (await platform.readLease()).version);
  expect(objects[leasePath]!.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
});

test('refuses to take a lease that has changed since it was read', async () => {
  const { platform, objects } = createWorld();
  const { version } = await platform.readLease();
  objects[leasePath] = merge(objects[leasePath], { metadata: { resourceVersion: '99' } }) as Json;
  expect(await platform.takeLease('a', 15_000, version)).toBe(false);
  expect(objects[leasePath].spec).toEqual({});
});

test('refuses to take a lease in a version that is not the last one read', async () => {
  const { platform, objects } = createWorld();
  expect(await platform.takeLease('a', 15_000, 'older')).toBe(false);
  expect(objects[leasePath]!.spec).toEqual({});
});

test('a pause is an annotation of the Lease, and renewals leave it there', async () => {
  const { platform, objects } = createWorld();
  await platform.writePause(true);
  expect(objects[leasePath]!.metadata).toMatchObject({ annotations: { 'cdk8s-keyspace/paused': 'true' } });
  await platform.takeLease('a', 15_000, (await platform.readLease()).version);
  expect(await platform.readLease()).toMatchObject({ holder: 'a', paused: true });
  await platform.writePause(false);
  expect(await platform.readLease()).not.toHaveProperty('paused');
});

test('an order to drain is an annotation of the Lease that renewals leave there, and that runs out', async () => {
  const { platform, objects } = createWorld();
  const order = { by: 'orders-drain-x', shards: ['shard-3'] };
  expect(await platform.writeDrain(order, 60_000)).toBe(true);
  await platform.takeLease('a', 15_000, (await platform.readLease()).version);
  expect(await platform.readLease()).toMatchObject({ holder: 'a', drain: order });
  await platform.writeDrain(order, -1);
  expect(await platform.readLease()).not.toHaveProperty('drain');
  await platform.writeDrain(undefined);
  expect(objects[leasePath]!.metadata).toMatchObject({ annotations: {} });
});

test('who asks for a drain where no agent has ever run makes no Lease', async () => {
  const objects: Record<string, Json> = {};
  expect(await createWorld(objects).platform.writeDrain(undefined)).toBe(false);
  expect(objects).toEqual({});
});

test('rejects where the Lease is not there', async () => {
  const { platform } = createWorld({});
  await expect(platform.readLease()).rejects.toMatchObject({ status: 404 });
});

test('a record of who is primary that is written again has another version, so that what was sent before comes too late', async () => {
  const { platform } = createWorld();
  const record = { ...nobody, epoch: 1, primary: 'orders-0-0' };
  const { version: first } = await platform.readPrimary();
  const before = await platform.writePrimary(record, first);
  const after = await platform.writePrimary(record, before!);
  expect(after).not.toBe(before);
  expect(await platform.writePrimary({ ...record, epoch: 2 }, before!)).toBeUndefined();
  expect(await platform.readPrimary()).toEqual({ record, version: after });
});

test('the role of a node is a label of its pod beside the others', async () => {
  const { platform, objects } = createWorld();
  await platform.labelRole('orders-0-1', 'primary');
  expect(objects[podPath]!.metadata).toMatchObject({ labels: { app: 'orders', 'cdk8s-keyspace/role': 'primary' } });
});

test('a fence is an annotation of the pod, and a pod that is not there has none', async () => {
  const { platform, objects } = createWorld();
  expect(await platform.readFence('orders-0-1')).toBe(false);
  await platform.writeFence('orders-0-1', true);
  expect(objects[podPath]!.metadata).toMatchObject({ annotations: { 'cdk8s-keyspace/fenced': 'true' } });
  expect(await platform.readFence('orders-0-1')).toBe(true);
  await platform.writeFence('orders-0-1', false);
  expect(await platform.readFence('orders-0-1')).toBe(false);
  expect(await platform.readFence('orders-9-9')).toBe(false);
  await expect(platform.writeFence('orders-9-9', true)).rejects.toMatchObject({ status: 404 });
});

test('the status is one key of its ConfigMap', async () => {
  const { platform, objects } = createWorld();
  await platform.publishStatus('{"health":"Healthy"}');
  expect(objects[statusPath]!.data).toEqual({ 'status.json': '{"health":"Healthy"}' });
});

test('an announcement is an Event of the pod it is about', async () => {
  const { platform, events } = createWorld();
  await platform.announce(failover, 'fail over from orders-0-0 to orders-0-1');
  expect(events()).toEqual([
    expect.objectContaining({
      kind: 'Event',
      type: 'Warning',
      reason: 'Failover',
      message: 'fail over from orders-0-0 to orders-0-1',
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'orders-0-1', uid: 'uid-of-pod' },
      reportingComponent: 'keyspace',
      reportingInstance: 'orders-2-0',
    }),
  ]);
});

test('an announcement about no node in particular is an Event of the own pod', async () => {
  const { platform, events } = createWorld();
  await platform.announce({ do: 'forget', id: 'abc', nodes: [] }, 'forget abc');
  expect(events()).toEqual([expect.objectContaining({ type: 'Normal', reason: 'Forget' })]);
  expect(events()[0]!.involvedObject).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'orders-2-0' });
});

test('what is announced again and again is one Event', async () => {
  const { platform, events, log } = createWorld();
  jest.useFakeTimers({ now: Date.UTC(2026, 0, 1), doNotFake: ['nextTick', 'setImmediate'] });
  for (let time = 0; time < 5; time++) await platform.announce(failover, 'the same');
  await platform.announce(failover, 'another');
  jest.useRealTimers();
  expect(events().map(({ message }) => message)).toEqual(['the same', 'another']);
  expect(log.lines).toEqual([]);
});

test('an announcement that fails is a line for somebody who looks for it, and no error', async () => {
  const log = createMemoryLog();
  const away = { ...createMemoryApi({}), create: () => Promise.reject(new Error('no answer within 3000 ms')) };
  const names = { namespace: 'shop', database: 'orders', node: 'orders-2-0' };
  await createKubePlatform({ client: away, log, ...names }).announce(failover, 'fail over');
  expect(log.lines).toEqual(['debug: cannot announce: fail over']);
});
