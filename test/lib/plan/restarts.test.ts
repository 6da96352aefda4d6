import { changes, changesBetween, effectsIn, only, retold, side } from './sides';

const orderOf3 = [
  { set: 'orders-shard-0', pods: ['orders-shard-0-1', 'orders-shard-0-0'] },
  { set: 'orders-shard-1', pods: ['orders-shard-1-1', 'orders-shard-1-0'] },
  { set: 'orders-shard-2', pods: ['orders-shard-2-1', 'orders-shard-2-0'] },
];

test('a new agent image restarts no server', () => {
  const all = changesBetween(side({}, 'registry.example/agent:1.0'), side({}, 'registry.example/agent:1.1'));
  expect(effectsIn(all)).toEqual(['live']);
  expect(only(all, 'live')).toMatchObject({
    what: 'agents restart beside their servers, which go on',
    because: ['image of agent: registry.example/agent:1.0 -> registry.example/agent:1.1'],
  });
});

test('a new server image replaces every pod, from the highest ordinal down, shard after shard', () => {
  const change = only(changes({}, { image: 'registry.example/valkey:8.1.4' }), 'restart');
  expect(change).toEqual({
    effect: 'restart',
    what: '6 pods are replaced, one after the other',
    because: ['image of server: valkey/valkey:8.1 -> registry.example/valkey:8.1.4'],
    notes: ['replicas first; a primary hands over to a replica that has everything before its own pod ends'],
    restarts: orderOf3,
  });
});

test('directives that change live restart nothing', () => {
  const all = changes({}, { directives: { 'slowlog-max-len': 512 }, maxMemory: '128Mi', nodeTimeoutMs: 9000 });
  expect(effectsIn(all)).toEqual(['live']);
  expect(all.find(({ directives }) => directives)).toEqual({
    effect: 'live',
    what: 'servers are told by CONFIG SET and go on',
    directives: [
      { name: 'maxmemory', old: '402653184', new: '134217728' },
      { name: 'cluster-node-timeout', old: '5000', new: '9000' },
      { name: 'slowlog-max-len', new: '512' },
    ],
    notes: ['a node that holds more than the new maxmemory refuses writes until keys are deleted'],
  });
});

test('less memory means eviction where the policy says so', () => {
  const cache = { maxMemoryPolicy: 'allkeys-lru', maxMemory: '256Mi' } as const;
  expect(only(changes(cache, { ...cache, maxMemory: '128Mi' }), 'live').notes).toEqual([
    'a node that holds more than the new maxmemory evicts keys at once',
  ]);
  expect(only(changes(cache, { ...cache, maxMemory: '300Mi' }), 'live').notes).toEqual([]);
});

test.each([
  [{}, { databases: 1 }, 'directive databases: unset -> 1'],
  [{ 'tcp-backlog': 100 }, { 'tcp-backlog': 511 }, 'directive tcp-backlog: 100 -> 511'],
  [{ 'tcp-backlog': 511 }, {}, "directive tcp-backlog is left to the engine's default"],
])('a directive that only a start reads restarts: %p -> %p', (old, now, because) => {
  const all = changes({ directives: old }, { directives: now });
  expect(effectsIn(all)).toEqual(['restart']);
  expect(only(all, 'restart')).toMatchObject({ because: [because], restarts: orderOf3 });
});

test('a directive that changes live and is not set any more stays until a server starts again', () => {
  const all = changes({ directives: { 'slowlog-max-len': 512 } }, {});
  expect(effectsIn(all)).toEqual(['live']);
  expect(only(all, 'live')).toMatchObject({ because: ['slowlog-max-len stays 512 until then'] });
});

test('io-threads restarts an engine until the version that takes it live', () => {
  const threads = (version: string) => effectsIn(changes({ version }, { version, directives: { 'io-threads': 2 } }));
  expect(threads('8.1')).toEqual(['restart']);
  expect(threads('9.1')).toEqual(['live']);
});

test('directives of another engine version come with its start', () => {
  const all = changes({}, { version: '9.1', directives: { 'slowlog-max-len': 512 } });
  expect(effectsIn(all)).toEqual(['restart']);
  expect(all[1]!.because).toEqual([
    'image of server: valkey/valkey:8.1 -> valkey/valkey:9.1',
    'directive slowlog-max-len: unset -> 512',
  ]);
});

test('fields of the pod are named, and only harmless values are shown', () => {
  const change = only(
    changes(
      { resources: { limits: { memory: '512Mi' } } },
      {
        resources: { limits: { memory: '1Gi' } },
        maxMemory: '384Mi',
        auth: { secret: { name: 'others' } },
        scheduling: { nodeSelector: { disk: 'ssd' } },
        terminationGracePeriodSeconds: 600,
      },
    ),
    'restart',
  );
  expect([...change.because!].sort()).toEqual([
    'resources.limits.memory of server: 512Mi -> 1Gi',
    'resources.requests.memory of server: 512Mi -> 1Gi',
    'spec.nodeSelector',
    'spec.terminationGracePeriodSeconds: 3600 -> 600',
    'spec.volumes.auth.projected.sources.0.secret.name',
  ]);
});

test('a shard of one node cannot be reached while it restarts', () => {
  const single = { replicasPerShard: 0 };
  const change = only(changes(single, { ...single, image: 'registry.example/valkey:8.1.4' }), 'restart');
  expect(change.notes).toEqual(['a shard of one node cannot be reached while that node restarts']);
});

test('a restart that would lose what is in memory only is refused', () => {
  const memory = { persistence: 'off', replicasPerShard: 0 } as const;
  const all = changes(memory, { ...memory, image: 'registry.example/valkey:8.1.4' });
  expect(only(all, 'refused').what).toBe(
    'data is in memory only, and no other node has it while the pod is replaced: it is lost',
  );
  const safe = { persistence: 'off', replicasPerShard: 1 } as const;
  expect(effectsIn(changes(safe, { ...safe, image: 'registry.example/valkey:8.1.4' }))).toEqual(['restart']);
});

test('only pods that stay are replaced', () => {
  const { restarts } = only(changes({ shards: 4 }, { shards: 3, version: '9.1' }).slice(1), 'restart');
  expect(restarts).toEqual(orderOf3);
  const growing = changes({}, { replicasPerShard: 2, image: 'registry.example/valkey:8.1.4' });
  expect(only(growing, 'restart').restarts).toEqual(orderOf3);
});

const rolled = { image: 'registry.example/valkey:8.1.4' };

const upgrade = { strategy: 'RollingUpdate', maxUnavailable: 1, supervised: false };

test.each([
  [{ maxUnavailable: 2 }, '6 pods are replaced, up to 2 at a time and never two of one shard', 1],
  [{ supervised: true }, '6 pods are replaced, one after the other', 2],
  [{ strategy: 'Recreate' }, '6 pods are replaced, all at once', 1],
])('the upgrade policy %p says how', (policy, what, notes) => {
  const change = only(changesBetween(side(), retold(side(rolled), { upgrade: { ...upgrade, ...policy } })), 'restart');
  expect(change.what).toBe(what);
  expect(change.notes).toHaveLength(notes);
});

test('replacing all pods at once loses what is in memory only', () => {
  const recreate = { upgrade: { ...upgrade, strategy: 'Recreate' } };
  const memory = side({ persistence: 'off' });
  const all = changesBetween(memory, retold(side({ persistence: 'off', ...rolled }), recreate));
  expect(only(all, 'refused').what).toMatch(/^data is in memory only/);
});

test('a node alone does not start with its first append-only file', () => {
  const single = { replicasPerShard: 0 };
  const text = JSON.stringify(side(single)).replace('appendonly yes', 'appendonly no');
  const snapshots = JSON.parse(text) as unknown[];
  expect(effectsIn(changesBetween(snapshots, side(single)))).toEqual(['live']);
  const all = changesBetween(snapshots, side({ ...single, ...rolled }));
  expect(only(all, 'refused').what).toMatch(/^a server that starts with an append-only file reads no snapshot/);
});
