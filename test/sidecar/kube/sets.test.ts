/** StatefulSets as the API has them, and what the agents change of them. */
import { approveShard } from '../../../sidecar/commands/approve';
import { createSets } from '../../../sidecar/kube/sets';
import { createMemoryApi, type Json } from '../support/memory-api';

const setPath = '/apis/apps/v1/namespaces/shop/statefulsets/orders-shard-0';
const podPath = (ordinal: number) => `/api/v1/namespaces/shop/pods/orders-shard-0-${ordinal}`;

/** As the API server answers, with Git's own fields in it. */
const setObject = (status: object, spec: object = {}, annotations: Record<string, string> = {}): Json => ({
  metadata: {
    name: 'orders-shard-0',
    resourceVersion: '1',
    generation: 3,
    annotations: { git: 'kept', ...annotations },
  },
  spec: { replicas: 2, template: 'kept', updateStrategy: { type: 'RollingUpdate' }, ...spec },
  status: { observedGeneration: 3, currentRevision: 'a', updateRevision: 'a', updatedReplicas: 2, ...status },
});

const podObject = (revision: string, state: object = { running: {} }, rest: object = {}): Json => ({
  metadata: { name: 'a pod', uid: 'its uid', labels: { 'controller-revision-hash': revision }, ...rest },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { name: 'exporter', state: { waiting: { reason: 'CrashLoopBackOff' } } },
      { name: 'server', state },
    ],
  },
});

function given(objects: Record<string, Json>, logs: Record<string, string> = {}) {
  const sets = createSets({ client: createMemoryApi(objects, logs), namespace: 'shop', database: 'orders' });
  const read = async () => (await sets.readSets(['shard-0']))!;
  return { sets, read, objects };
}

test('a set without anything new is read without its pods', async () => {
  const { read } = given({ [setPath]: setObject({}) });
  expect(await read()).toEqual([
    {
      name: 'orders-shard-0',
      shard: 'shard-0',
      version: '1',
      replicas: 2,
      partition: 0,
      currentRevision: 'a',
      updateRevision: 'a',
      observed: true,
      pods: [],
    },
  ]);
});

test('a shard whose set is not there yet is left out', async () => {
  expect(await given({}).read()).toEqual([]);
});

test('with another revision its pods are read, as far as they are there', async () => {
  const objects = {
    [setPath]: setObject({ updateRevision: 'b', observedGeneration: 2 }),
    [podPath(1)]: podObject('b', {}, { deletionTimestamp: 'now' }),
  };
  const [set] = await given(objects).read();
  expect(set).toMatchObject({ observed: false, updateRevision: 'b' });
  expect(set!.pods).toEqual([{ name: 'a pod', uid: 'its uid', ordinal: 1, revision: 'b', ready: true, ending: true }]);
});

test('only the pod that was looked at is told to end, not the one that has its name by now', async () => {
  const { sets, objects } = given({ [podPath(1)]: podObject('b') });
  await sets.deletePod('orders-shard-0-1', 'the uid before');
  expect(objects).toHaveProperty([podPath(1)]);
  await sets.deletePod('orders-shard-0-1', 'its uid');
  expect(objects).not.toHaveProperty([podPath(1)]);
  await sets.deletePod('orders-shard-0-1', 'its uid');
});

test('pods that are not of the only revision are seen too', async () => {
  const objects = { [setPath]: setObject({ updatedReplicas: 1 }), [podPath(0)]: podObject('failed') };
  expect((await given(objects).read())[0]!.pods).toMatchObject([{ revision: 'failed' }]);
});

test.each([
  [{ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } }, 'image', 'ImagePullBackOff: no such image'],
  [{ waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } }, 'start', 'CrashLoopBackOff: back-off'],
  [{ terminated: { exitCode: 127, reason: 'Error' } }, 'start', 'exit code 127, Error'],
])('a server that cannot run is in trouble: %j', async (state, check, says) => {
  const objects = { [setPath]: setObject({ updateRevision: 'b' }), [podPath(0)]: podObject('b', state) };
  expect((await given(objects).read())[0]!.pods[0]!.trouble).toEqual({ check, says });
});

test('a pod that no node takes is in trouble, one that is being made is not', async () => {
  const unscheduled = podObject('b', {});
  (unscheduled.status as Json).conditions = [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes' }];
  const making = podObject('b', { waiting: { reason: 'ContainerCreating' } });
  const objects = {
    [setPath]: setObject({ updateRevision: 'b' }),
    [podPath(0)]: unscheduled,
    [podPath(1)]: making,
  };
  const troubles = (await given(objects).read())[0]!.pods.map(({ trouble }) => trouble);
  expect(troubles).toEqual([{ check: 'schedule', says: '0/3 nodes' }, undefined]);
});

test('a partition is set beside what Git says; what is remembered begins and ends with a roll-out', async () => {
  const { sets, read, objects } = given({ [setPath]: setObject({ updateRevision: 'b' }) });
  const change = { do: 'set-partition', set: 'orders-shard-0', why: '' } as const;
  await sets.setPartition({ ...change, version: '1', partition: 1, from: '8.1.4' });
  expect((await read())[0]).toMatchObject({ partition: 1, previousVersion: '8.1.4' });
  expect(objects[setPath]).toMatchObject({
    metadata: { annotations: { git: 'kept' } },
    spec: { template: 'kept', updateStrategy: { type: 'RollingUpdate' } },
  });
  await expect(sets.setPartition({ ...change, version: '1', partition: 0 })).rejects.toThrow('409');
  const { version } = (await read())[0]!;
  await sets.setPartition({ ...change, version, partition: 2 });
  expect((await read())[0]).toMatchObject({ partition: 2, previousVersion: '8.1.4' });
  await sets.setPartition({ ...change, version: (await read())[0]!.version, partition: 2, over: true });
  expect((await read())[0]).not.toHaveProperty('previousVersion');
});

const failure = {
  do: 'stop-rollout',
  set: 'orders-shard-0',
  version: '1',
  revision: 'b',
  node: 'orders-shard-0-1',
  check: 'start',
  says: 'it crashes',
  back: true,
} as const;

test('why a roll-out has stopped is kept, with what the server said before it ended last', async () => {
  const log = `${podPath(1)}/log?container=server&tailLines=5&previous=true`;
  const { sets, read } = given({ [setPath]: setObject({ updateRevision: 'b' }) }, { [log]: 'no such file\n' });
  await sets.stopRollout(failure);
  const { revision, node, check, says, back } = failure;
  expect((await read())[0]!.stopped).toEqual({ revision, node, check, says, back, log: 'no such file' });
});

test('or what it says now, or nothing', async () => {
  const log = `${podPath(1)}/log?container=server&tailLines=5`;
  const said = async (logs: Record<string, string>) => {
    const { sets, read } = given({ [setPath]: setObject({ updateRevision: 'b' }) }, logs);
    await sets.stopRollout(failure);
    return (await read())[0]!.stopped?.log;
  };
  expect(await said({ [log]: 'WRONGPASS' })).toBe('WRONGPASS');
  expect(await said({})).toBe('');
});

test("somebody else's words under that name stop nothing", async () => {
  const notes = { 'cdk8s-keyspace/stopped-rollout': 'no' };
  const { read } = given({ [setPath]: setObject({}, {}, notes) });
  expect((await read())[0]).not.toHaveProperty('stopped');
});

describe('keyspace approve', () => {
  const shards = ['shard-0', 'shard-1'];

  test('lets the primary of a shard be replaced by what is rolled out now', async () => {
    const { sets, read } = given({ [setPath]: setObject({ updateRevision: 'b' }) });
    expect(await approveShard(sets, shards, 'shard-0')).toBe('the primary of shard-0 may be replaced by revision b');
    expect((await read())[0]).toMatchObject({ approvedRevision: 'b' });
  });

  test.each([
    ['shard-7', setObject({}), 'shard "shard-7": expected one of shard-0, shard-1'],
    ['shard-1', setObject({}), 'shard "shard-1" has no StatefulSet'],
    ['shard-0', setObject({}), 'nothing is rolled out to shard "shard-0"'],
  ])('says of %s what is wrong', async (shard, object, reason) => {
    const { sets } = given({ [setPath]: object });
    await expect(approveShard(sets, shards, shard)).rejects.toThrow(reason);
  });

  test('approves nothing that has failed', async () => {
    const { sets } = given({ [setPath]: setObject({ updateRevision: 'b' }) });
    await sets.stopRollout(failure);
    await expect(approveShard(sets, shards, 'shard-0')).rejects.toThrow('has stopped until the spec changes');
  });
});

describe('the agent of a pod', () => {
  const container = { name: 'agent', image: 'agent:1', args: ['agent'] };
  const templateOf = (image: string, args = ['agent'], label = 'a') => ({
    metadata: { labels: { a: label } },
    spec: {
      initContainers: [
        { name: 'other', image: 'other:1' },
        { ...container, image, args },
      ],
    },
  });
  const restOf = async (template: object) => {
    const { read } = given({ [setPath]: setObject({}, { template }) });
    return (await read())[0]!.template!;
  };

  test('is one thing, and the rest of the template another', async () => {
    const first = await restOf(templateOf('agent:1'));
    expect(first.agentImage).toBe('agent:1');
    expect((await restOf(templateOf('agent:2'))).rest).toBe(first.rest);
    expect((await restOf(templateOf('agent:1', ['reconcile']))).rest).not.toBe(first.rest);
    expect((await restOf(templateOf('agent:1', ['agent'], 'b'))).rest).not.toBe(first.rest);
  });

  const running = (rest: object = {}, annotations: object = {}): Json => ({
    ...podObject('a', { running: {} }, { annotations }),
    spec: { initContainers: [{ name: 'other', image: 'other:1' }, container] },
    status: {
      initContainerStatuses: [{ name: 'agent', containerID: 'containerd://one', state: { running: {} }, ...rest }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  const agentOf = async (object: Json) => {
    const { read } = given({ [setPath]: setObject({ updateRevision: 'b' }), [podPath(0)]: object });
    return (await read())[0]!.pods[0]!.agent;
  };

  test.each([
    ['runs', {}, { image: 'agent:1', id: 'containerd://one' }],
    [
      'cannot be fetched',
      { state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } },
      { image: 'agent:1', id: 'containerd://one', trouble: 'ErrImagePull: no such image' },
    ],
    [
      'has ended',
      { containerID: '', state: { terminated: { exitCode: 1, reason: 'Error' } } },
      { image: 'agent:1', id: '', trouble: 'exit code 1, Error' },
    ],
    ['has not started', { state: {} }, { image: 'agent:1', id: 'containerd://one', trouble: 'it has not started yet' }],
  ])('%s', async (_what, state, expected) => {
    expect(await agentOf(running(state))).toEqual(expected);
  });

  test('is changed in the pod that was looked at, with a note of what it was, and counts as new afterwards', async () => {
    const { sets, objects } = given({ [podPath(0)]: running() });
    const before = { image: 'agent:1', id: 'containerd://one' };
    const change = { do: 'renew-agent', node: 'orders-shard-0-0', image: 'agent:2', before, why: '' } as const;
    await expect(sets.renewAgent({ ...change, uid: 'another uid' })).rejects.toThrow('modified');
    await sets.renewAgent({ ...change, uid: 'its uid' });
    expect(objects[podPath(0)]).toMatchObject({
      spec: {
        initContainers: [
          { name: 'other', image: 'other:1' },
          { name: 'agent', image: 'agent:2', args: ['agent'] },
        ],
      },
    });
    expect(await agentOf(objects[podPath(0)]!)).toMatchObject({ image: 'agent:2', before });
    await sets.adoptRevision({ do: 'adopt-revision', node: 'orders-shard-0-0', uid: 'its uid', revision: 'b' });
    expect(objects[podPath(0)]!.metadata).toMatchObject({
      labels: { 'controller-revision-hash': 'b' },
      annotations: {},
    });
    expect(await agentOf(objects[podPath(0)]!)).not.toHaveProperty('before');
  });

  test.each([
    ['valkey/valkey:8.1.4', '8.1'],
    ['registry.example:5000/valkey:9.1-alpine@sha256:0123', '9.1'],
    ['registry.example:5000/valkey', undefined],
    ['valkey@sha256:0123', undefined],
  ])('stands beside a server whose version the tag of %s says', async (image, version) => {
    const { metadata, spec } = templateOf('agent:1');
    const template = {
      metadata,
      spec: {
        ...spec,
        containers: [
          { name: 'exporter', image: 'x:1.2' },
          { name: 'server', image },
        ],
      },
    };
    expect((await restOf(template)).serverVersion).toBe(version);
  });

  test('which revisions are alike is a note of the set, read again', async () => {
    const { sets, read } = given({ [setPath]: setObject({}, { template: templateOf('agent:1') }) });
    const alike = { rest: 'servers', revisions: ['a'] };
    await sets.noteTemplate({ do: 'note-template', set: 'orders-shard-0', version: '1', alike });
    expect((await read())[0]!.template!.alike).toEqual(alike);
  });
});
