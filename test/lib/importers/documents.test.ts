import { importYaml, lines } from './fixtures';

const instance = (name: string, rest = '', apiVersion = 'cache.hera.io/v1alpha1') => `
apiVersion: ${apiVersion}
kind: RedisInstance
metadata:
  name: ${name}
  namespace: shop
spec:
  version: '7.2'
  resources: { limits: { memory: 512Mi } }
${rest}`;

const namesOf = (text: string) =>
  importYaml(text).specs.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

test('reads several documents, and those of a list', () => {
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    metadata: { resourceVersion: '' },
    items: ['c', 'd'].map((name) => ({
      apiVersion: 'cache.hera.io/v1alpha1',
      kind: 'RedisInstance',
      metadata: { name, namespace: 'shop' },
      spec: { version: '7.2' },
    })),
  };
  expect(namesOf(`${instance('a')}---${instance('b')}---\n${JSON.stringify(list)}`)).toEqual([
    'shop/a',
    'shop/b',
    'shop/c',
    'shop/d',
  ]);
});

test('says where in a list something is', () => {
  const list = `
kind: RedisInstanceList
apiVersion: cache.hera.io/v1alpha1
items:
  - { apiVersion: cache.hera.io/v1alpha1, kind: RedisInstance, metadata: { name: a, namespace: b }, spec: { versoin: 7 } }
`;
  const { warnings } = importYaml(list);
  const found = warnings.find(({ path }) => path.includes('versoin'))!;
  expect([...found.base, ...found.path]).toEqual(['items', 0, 'spec', 'versoin']);
});

test('takes the namespace that is said for documents without one, and says so where none is', () => {
  const text = instance('a').replace('  namespace: shop\n', '');
  const { specs, warnings } = importYaml(text, { namespace: 'ours' });
  expect(specs[0]!.metadata.namespace).toBe('ours');
  expect(lines(warnings).join()).not.toContain('metadata.namespace');
  const assumed = importYaml(text);
  expect(assumed.specs[0]!.metadata.namespace).toBe('default');
  expect(lines(assumed.warnings)).toContain(
    '[a] metadata.namespace: missing, taken as "default"; kubectl would have taken that of its context: say it with --namespace',
  );
});

test('reads over what Kubernetes writes', () => {
  const written = instance(
    'a',
    `status: { phase: Running, conditions: [{ type: Ready, status: 'True' }] }
`,
  ).replace(
    '  namespace: shop\n',
    `  namespace: shop
  uid: 0e6f
  resourceVersion: '12'
  generation: 3
  creationTimestamp: '2026-11-21T00:00:00Z'
  finalizers: [cache.hera.io/finalizer]
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: x, uid: y }]
  managedFields: [{ manager: kubectl, fieldsV1: { 'f:spec': { 'f:version': {} } } }]
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"kind":"RedisInstance"}'
`,
  );
  expect(importYaml(written)).toEqual(importYaml(instance('a')));
});

test('takes numbers and switches as text, and blocks that are null as not there', () => {
  const text = `
apiVersion: valkey-operator.smoketurner.com/v1alpha1
kind: ValkeyCluster
metadata: { name: orders, namespace: shop }
spec:
  masters: '3'
  replicasPerMaster: 1.0
  labels: null
  tls: { issuerRef: { name: authority } }
  auth: { secretRef: { name: password } }
  persistence: { enabled: 'false' }
  resources: { limits: { cpu: 2, memory: 1073741824 }, requests: { cpu: 0.5, memory: 1e9 } }
`;
  const { specs, problems } = importYaml(text);
  expect(problems).toEqual([]);
  expect(specs[0]!.spec).toMatchObject({
    shards: 3,
    replicasPerShard: 1,
    persistence: 'off',
    resources: { limits: { cpu: '2', memory: '1073741824' }, requests: { cpu: '0.5', memory: '1000000000' } },
  });
});

test('names fields that nobody knows, and goes on', () => {
  const { specs, warnings } = importYaml(instance('a', '  sidecars: [{ name: x, image: y }]\n'));
  expect(specs).toHaveLength(1);
  expect(lines(warnings).filter((line) => line.includes('sidecars'))).toEqual([
    '[a] spec.sidecars.0.name: not imported; no field of RedisInstance that this version knows. If it matters, set it in the spec by hand',
    '[a] spec.sidecars.0.image: not imported; no field of RedisInstance that this version knows. If it matters, set it in the spec by hand',
  ]);
});

test('refuses a value where the operator has a block', () => {
  expect(lines(importYaml(instance('a', '  persistence: 10Gi\n')).problems)).toEqual([
    '[a] spec.persistence: must be a block or a list, as RedisInstance has it',
  ]);
});

test('refuses values that cannot be meant, and makes no spec of the document', () => {
  const { specs, problems } = importYaml(instance('a').replace("'7.2'", 'newest').replace('512Mi', 'much'));
  expect(specs).toEqual([]);
  expect(lines(problems)).toEqual([
    '[a] spec.version: must be a version in quotes, like "7.2"',
    '[a] spec.resources.limits.memory: must be a quantity of bytes like "512Mi" or "10Gi"',
  ]);
});

test('says which field of the old document makes a spec that would be refused', () => {
  const text = `${instance('a')}  replicasPerMaster: 9\n`.replace('RedisInstance', 'RedisCluster');
  expect(lines(importYaml(text).problems)).toEqual([
    '[a] spec.replicasPerMaster: the spec would be refused: replicasPerShard: must be a whole number from 0 to 5, got 9',
  ]);
});

test('refuses kinds that it does not know, fragments, and what is no document', () => {
  const known = expect.stringContaining('KeyDBCluster of keydb.io, ValkeyCluster of') as unknown;
  const problems = (text: string) => lines(importYaml(text).problems);
  expect(problems(instance('a', '', 'redis.example.org/v1'))).toEqual([known]);
  expect(problems(instance('a', '', 'redis.example.org/v1'))[0]).toMatch(
    /^\[a\] kind: RedisInstance of redis.example.org is not known; there are: /,
  );
  expect(problems('spec: { version: 7 }')).toEqual([
    '[no name] kind: missing, must be the kind of an object; a fragment of one cannot be imported',
  ]);
  expect(problems('just text')).toEqual([
    '[no name] kind: must be an object of Kubernetes: { apiVersion, kind, metadata, spec }',
  ]);
  expect(problems('kind: Cluster\nmetadata: { name: a }\nspec: {}')).toEqual([
    '[a] kind: Cluster is a kind of spec already; there is nothing to import',
  ]);
});

test('refuses objects without a name or a spec', () => {
  expect(lines(importYaml(instance('""')).problems)).toEqual([
    '[no name] metadata.name: missing, must be the name of the object',
  ]);
  expect(lines(importYaml('apiVersion: redis.io/v1\nkind: RedisCluster\nmetadata: { name: a }').problems)).toEqual([
    '[a] spec: missing, must be a block of fields',
  ]);
});

test('refuses two databases of one name in one namespace', () => {
  const { specs, problems } = importYaml(
    `${instance('a')}---${instance('a').replace('RedisInstance', 'RedisCluster')}`,
  );
  expect(specs).toHaveLength(1);
  expect(lines(problems)).toEqual([
    '[a] metadata.name: is taken by RedisInstance a of cache.hera.io; two databases need two names',
  ]);
});

test('reads another version of an API as the one it knows', () => {
  const { specs, warnings } = importYaml(instance('a', '', 'cache.hera.io/v1'));
  expect(specs).toHaveLength(1);
  expect(lines(warnings)).toContain(
    '[a] apiVersion: is a version that is not known; the document is read as one of v1alpha1',
  );
});

test('leaves what stands around a database as it is', () => {
  const around = ['Secret', 'Certificate', 'Namespace', 'ClusterIssuer'].map(
    (kind) => `kind: ${kind}\nmetadata: { name: it }`,
  );
  const { specs, problems, warnings } = importYaml(around.join('\n---\n'));
  expect({ specs, problems }).toEqual({ specs: [], problems: [] });
  expect(lines(warnings).sort()).toEqual([
    '[it] : Certificate: stays as it is, under its name; go on applying it',
    '[it] : ClusterIssuer: stays as it is; go on applying it',
    '[it] : Namespace: stays as it is; go on applying it',
    '[it] : Secret: stays as it is, under its name; go on applying it',
  ]);
});

test('carries labels and annotations over, but not those of tools and of this library', () => {
  const text = instance('a').replace(
    '  namespace: shop\n',
    `  namespace: shop
  labels: { team: checkout, app.kubernetes.io/name: redis, helm.sh/chart: redis-1 }
  annotations: { example.org/owner: checkout, argocd.argoproj.io/tracking-id: 'a:b' }
`,
  );
  const { specs, warnings } = importYaml(text);
  expect(specs[0]!.spec).toMatchObject({
    labels: { team: 'checkout' },
    annotations: { 'example.org/owner': 'checkout' },
  });
  expect(lines(warnings).filter((line) => line.includes('metadata'))).toEqual([
    '[a] metadata.labels.app.kubernetes.io/name: not imported; this library sets it itself',
    '[a] metadata.labels.helm.sh/chart: not imported; it is about the old object and the tool that applied it',
    '[a] metadata.annotations.argocd.argoproj.io/tracking-id: not imported; it is about the old object and the tool that applied it',
  ]);
});
