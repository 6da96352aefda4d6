import { planChanges } from '../../../lib/plan/plan';
import { changes, changesBetween, edited, effectsIn, only, retold, side } from './sides';

test('equal manifests change nothing', () => {
  expect(planChanges(side(), side())).toEqual({
    effect: 'nothing',
    databases: [{ namespace: 'shop', name: 'orders', effect: 'nothing', changes: [] }],
  });
});

test('documents of others are passed over, and a List is looked into', () => {
  const others = [{ kind: 'Kustomization' }, null, 'text', { kind: 'Service', metadata: { name: 'web' } }];
  const plan = planChanges([...others, { kind: 'List', items: side() }], side());
  expect(plan.effect).toBe('nothing');
});

test('a database that was not there is made', () => {
  const change = only(changesBetween([], side()), 'create');
  expect(change.what).toBe('a new database: valkey 8.1, cluster of 3 shards and 6 nodes');
  expect(change.objects).toContain('StatefulSet orders-shard-0');
});

test('a database that goes away is refused, with what becomes of its data', () => {
  const kept = only(changesBetween(side(), []), 'refused');
  expect(kept.what).toBe('the database is removed: valkey 8.1, cluster of 3 shards and 6 nodes');
  expect(kept.notes[0]).toMatch(/^its volumes stay/);
  expect(only(changesBetween(side({ persistence: 'off' }), []), 'refused').notes).toEqual([
    'its data is in memory only, and lost',
  ]);
  const deleting = side({ persistence: { size: '1Gi', retention: { whenDeleted: 'Delete' } } });
  const taken = edited(deleting, 'StatefulSet', (manifest) => ({
    ...manifest,
    spec: { ...manifest.spec, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } },
  }));
  expect(only(changesBetween(taken, []), 'refused').notes).toEqual([
    'its volumes are deleted with it, and its data is lost',
  ]);
});

test('a renamed database is one that goes and one that comes', () => {
  const renamed = JSON.parse(JSON.stringify(side()).replaceAll('orders', 'carts')) as unknown[];
  const { effect, databases } = planChanges(side(), renamed);
  expect(databases.map(({ name, effect: own }) => [name, own])).toEqual([
    ['carts', 'create'],
    ['orders', 'refused'],
  ]);
  expect(effect).toBe('refused');
});

test('databases of one name in two namespaces are two', () => {
  const elsewhere = JSON.parse(JSON.stringify(side()).replaceAll('"shop"', '"staging"')) as unknown[];
  const { databases } = planChanges([...side(), ...elsewhere], [...side({ shards: 4 }), ...elsewhere]);
  expect(databases.map(({ namespace, effect }) => [namespace, effect])).toEqual([
    ['shop', 'move'],
    ['staging', 'nothing'],
  ]);
});

test.each(['standalone', 'replication', 'sentinel', 'multi-master'])(
  'another topology is refused, and nothing else is said: %s',
  (topology) => {
    const all = changesBetween(side(), retold(side({ shards: 4 }), { topology }));
    expect(all).toHaveLength(1);
    expect(only(all, 'refused').what).toBe(`topology cluster -> ${topology}`);
  },
);

test('a contract in a newer schema is read, and told', () => {
  const now = edited(side(), 'ConfigMap', (manifest) => {
    const { data = {} } = manifest as { data?: Record<string, string> };
    const document = data['agent-config.v1.json'];
    if (document === undefined) return manifest;
    return { ...manifest, data: { ...data, 'agent-config.v12.json': document.replace('"schema": 1', '"schema": 12') } };
  });
  const change = only(changesBetween(side(), now), 'live');
  expect(change.because).toEqual(['agent-config.v12.json']);
});

test('what belongs to no database, or is there twice, cannot be compared', () => {
  expect(() => planChanges([{ kind: 'Service' }], [])).toThrow('no database on either side');
  expect(() => planChanges([], [...side(), ...side()])).toThrow(
    'shop/orders: ServiceAccount orders-agent is there twice',
  );
  const half = side().filter(({ kind }) => kind !== 'ConfigMap');
  expect(() => planChanges(side(), half)).toThrow('shop/orders: no ConfigMap "orders-agent" that says what');
});

test('every change of a spec has an effect, and the plan of the way back is no error', () => {
  const specs = [
    {},
    { shards: 5 },
    { replicasPerShard: 0 },
    { version: '9.1' },
    { engine: 'redis', version: '7.0' },
    { persistence: 'off' },
    { tls: { secret: { name: 'orders-tls' }, clientCertificates: 'off' } },
    { auth: 'off' },
    { labels: { team: 'shop' } },
    { nodeTimeoutMs: 9000 },
    { directives: { databases: 1 } },
  ] as const;
  for (const old of specs)
    for (const now of specs) if (old !== now) expect(effectsIn(changes(old, now))).not.toEqual([]);
});
