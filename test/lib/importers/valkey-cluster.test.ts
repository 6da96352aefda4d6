import { importYaml, lines } from './fixtures';

const cluster = (spec = '', image = '') => `
apiVersion: valkey-operator.smoketurner.com/v1alpha1
kind: ValkeyCluster
metadata: { name: orders, namespace: shop }
spec:
  tls: { issuerRef: { name: authority } }
  auth: { secretRef: { name: orders-password } }
  ${image}
  ${spec}
`;

const upgrade = (version: string, rest = '') => `---
apiVersion: valkey-operator.smoketurner.com/v1alpha1
kind: ValkeyUpgrade
metadata: { name: to-${version.replaceAll('.', '-')}, namespace: shop }
spec: { clusterRef: { name: orders }, targetVersion: ${version}${rest} }
`;

const specOf = (text: string) => importYaml(text).specs[0]?.spec;

const warningsOf = (text: string, path: string): string[] =>
  importYaml(text)
    .warnings.filter((note) => note.path.join('.') === path)
    .map(({ message }) => message);

test('fills in what the operator does', () => {
  expect(importYaml(cluster()).specs).toMatchObject([
    { kind: 'Cluster', metadata: { name: 'orders', namespace: 'shop' } },
  ]);
  expect(specOf(cluster())).toEqual({
    engine: 'valkey',
    version: '9.1',
    image: 'valkey/valkey:9.1.0-alpine',
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    auth: { secret: { name: 'orders-password', key: 'password' } },
    tls: {
      issuer: { name: 'authority', kind: 'ClusterIssuer' },
      duration: '2160h',
      renewBefore: '360h',
      clientCertificates: 'optional',
    },
    persistence: { size: '10Gi' },
    shards: 3,
    replicasPerShard: 1,
  });
});

test('refuses a document without an issuer or a password, which the operator requires', () => {
  const text = cluster('masters: 3')
    .replace(/^ *tls:.*$/m, '')
    .replace(/^ *auth:.*$/m, '');
  expect(lines(importYaml(text).problems)).toEqual([
    '[orders] spec.tls.issuerRef: missing, must be an issuer of cert-manager',
    '[orders] spec.auth.secretRef: missing, must be the Secret with the password',
  ]);
});

test('an upgrade becomes version and image', () => {
  const text = cluster('', 'image: { repository: registry.example/valkey, tag: 8.1.3 }') + upgrade('9.1.0');
  expect(specOf(text)).toMatchObject({ version: '9.1', image: 'registry.example/valkey:9.1.0-alpine' });
});

test('of several upgrades the newest counts, whatever their order, and none goes back', () => {
  const old = cluster('', 'image: { tag: 8.1.3 }');
  for (const text of [old + upgrade('9.0.1') + upgrade('9.1.0'), old + upgrade('9.1.0') + upgrade('9.0.1')]) {
    expect(specOf(text)).toMatchObject({ version: '9.1', image: 'valkey/valkey:9.1.0-alpine' });
    expect(warningsOf(text, 'spec.targetVersion')).toContain(
      'not imported; the database, or another upgrade, asks for a newer version already',
    );
  }
  expect(specOf(cluster('', 'image: { tag: 9.1.0 }') + upgrade('9.0.1'))).toMatchObject({ version: '9.1' });
});

test('an upgrade of another namespace finds its database', () => {
  const text = cluster('', 'image: { tag: 8.1.3 }') + upgrade('9.1.0').replace('namespace: shop', 'namespace: ops');
  expect(specOf(text)).toMatchObject({ version: '8.1' });
  expect(specOf(text.replace('name: orders }, target', 'name: orders, namespace: shop }, target'))).toMatchObject({
    version: '9.1',
  });
});

test('the time of an upgrade is that of a pod', () => {
  const text = cluster() + upgrade('9.1.1', ', podReadyTimeoutSeconds: 100');
  expect(specOf(text)).toMatchObject({ upgrade: { validationTimeoutSeconds: 400 } });
});

test('says what an upgrade alone would change', () => {
  const { specs, problems, warnings } = importYaml(upgrade('9.1.0'));
  expect({ specs, problems }).toEqual({ specs: [], problems: [] });
  expect(lines(warnings)).toContain(
    '[to-9-1-0] spec.clusterRef.name: its database shop/orders is not among the documents; add to its spec: {"engine":"valkey","version":"9.1","image":"valkey/valkey:9.1.0-alpine"}',
  );
});

test('honours what the operator did not read of persistence, and says so', () => {
  const on = cluster('persistence: { aof: { enabled: false }, rdb: {} }');
  expect(specOf(on)).toMatchObject({
    persistence: {
      appendOnly: 'off',
      snapshots: [
        { afterSeconds: 900, changes: 1 },
        { afterSeconds: 300, changes: 10 },
        { afterSeconds: 60, changes: 10_000 },
      ],
    },
  });
  expect(warningsOf(on, 'spec.persistence.aof')).toEqual([
    'the operator did not read it, and always had both an append-only file and snapshots; now it counts',
  ]);
  const bad = cluster("persistence: { rdb: { saveRules: ['every hour'] } }");
  expect(lines(importYaml(bad).problems)).toEqual([
    '[orders] spec.persistence.rdb.saveRules.0: must be seconds and changes, like "900 1"',
  ]);
});

test('says what becomes of the least number of replicas', () => {
  const at = 'spec.replication.minReplicasToWrite';
  expect(warningsOf(cluster(), at)).toEqual([
    'is 0 from now on; the operator took 1 for 0, and so lost all writes of a shard with its last replica',
  ]);
  expect(warningsOf(cluster('replicasPerMaster: 0'), at)).toEqual([]);
  expect(warningsOf(cluster('replication: { minReplicasToWrite: 1 }'), at)).toEqual([
    'with as many as there are replicas, the loss of one stops all writes of its shard',
  ]);
  expect(specOf(cluster('replication: { minReplicasToWrite: 4 }'))).toMatchObject({ minReplicasToWrite: 1 });
});

test('takes a database of one machine as such', () => {
  expect(specOf(cluster('scheduling: { spreadMasters: false }'))).toMatchObject({
    scheduling: {
      topologySpread: [{ topologyKey: 'kubernetes.io/hostname', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' }],
    },
  });
  expect(specOf(cluster('scheduling: { topologyKey: topology.kubernetes.io/zone }'))).not.toHaveProperty('scheduling');
});

test('warns of an issuer that signs no names within a cluster', () => {
  expect(warningsOf(cluster().replace('authority', 'letsencrypt-prod'), 'spec.tls.issuerRef.name')).toEqual([
    'an issuer of public certificates cannot sign names within a Kubernetes cluster; name one of your own authority',
  ]);
});

test("keeps an exporter of one's own, and brings that of everybody", () => {
  const exporter = (image: string) => cluster(`metricsExporter: { enabled: true, image: "${image}" }`);
  expect(specOf(exporter('registry.example/exporter:2'))).toMatchObject({
    monitoring: { exporter: { image: 'registry.example/exporter:2' } },
  });
  for (const image of ['oliver006/redis_exporter:latest', 'quay.io/oliver006/redis_exporter:v1.50', 'my/exporter']) {
    expect(specOf(exporter(image))).toMatchObject({ monitoring: { exporter: {} } });
    expect(warningsOf(exporter(image), 'spec.metricsExporter.image')).toHaveLength(1);
  }
});

test('takes ACL users from their Secret', () => {
  const acl = cluster().replace(
    'orders-password }',
    'orders-password }, acl: { enabled: true, configSecretRef: { name: users } }',
  );
  expect(specOf(acl)).toMatchObject({ auth: { usersFile: { name: 'users', key: 'acl.conf' } } });
  expect(warningsOf(acl, 'spec.auth.acl')).toHaveLength(1);
});

test('takes back an amount that the operator assumes, where it makes none of what is written', () => {
  const resourcesOf = (resources: string) => specOf(cluster(`resources: ${resources}`))?.resources;
  expect(resourcesOf('{ limits: { memory: 200Mi, cpu: 50m } }')).toEqual({ limits: { memory: '200Mi', cpu: '50m' } });
  expect(resourcesOf('{ requests: { memory: 2Gi } }')).toEqual({
    requests: { cpu: '100m', memory: '2Gi' },
    limits: { memory: '2Gi' },
  });
  expect(resourcesOf('{ limits: { memory: 300Mi } }')).toMatchObject({ requests: { memory: '256Mi' } });
});

test('does not help out where somebody wrote what Kubernetes refuses', () => {
  const { problems } = importYaml(cluster('resources: { requests: { memory: 2Gi }, limits: { memory: 1Gi } }'));
  expect(lines(problems)).toEqual([
    '[orders] spec.resources.requests.memory: the spec would be refused: resources.requests.memory: must be at most the limit "1Gi", got "2Gi"',
  ]);
});
