import { importYaml, lines } from './fixtures';

const cluster = (spec: string) => `
apiVersion: keydb.io/v1alpha1
kind: KeyDBCluster
metadata: { name: orders, namespace: shop }
spec: ${spec}
`;

const specOf = (spec: string) => importYaml(cluster(spec)).specs[0]?.spec;
const warningsOf = (spec: string, path: string): string[] =>
  lines(importYaml(cluster(spec)).warnings)
    .filter((line) => line.startsWith(`[orders] ${path}: `))
    .map((line) => line.slice(`[orders] ${path}: `.length));

test('mode decides the kind, and one node is no mesh', () => {
  const kindOf = (spec: string) => importYaml(cluster(spec)).specs[0]?.kind;
  expect(kindOf('{ mode: cluster }')).toBe('Cluster');
  expect(kindOf('{ mode: multi-master }')).toBe('MultiMaster');
  expect(kindOf('{ mode: multi-master, replicas: 1 }')).toBe('Standalone');
  expect(lines(importYaml(cluster('{ replicas: 3 }')).problems)).toEqual([
    '[orders] spec: must have a mode, "multi-master" or "cluster"',
  ]);
  expect(lines(importYaml(cluster('{ mode: sentinel }')).problems)).toEqual([
    '[orders] spec.mode: must be "multi-master" or "cluster"',
  ]);
});

test('fills in what the operator does', () => {
  expect(specOf('{ mode: multi-master }')).toEqual({
    engine: 'keydb',
    version: '6.3',
    resources: { limits: { memory: '512Mi' } },
    auth: 'off',
    tls: 'off',
    persistence: { size: '10Gi' },
    nodes: 3,
  });
});

test('says that the operator reads fields of its own mode only', () => {
  expect(warningsOf('{ mode: cluster, replicas: 3 }', 'spec.replicas')).toEqual([
    'not imported; the operator does not read it in mode cluster either',
  ]);
  expect(warningsOf('{ mode: multi-master, cluster: { shards: 3 } }', 'spec.cluster.shards')).toEqual([
    'not imported; the operator does not read it in mode multi-master either',
  ]);
});

test('every node takes writes, also where the document does not want it', () => {
  const spec = '{ mode: multi-master, multiMaster: { activeReplica: false } }';
  expect(importYaml(cluster(spec)).specs[0]?.kind).toBe('MultiMaster');
  expect(warningsOf(spec, 'spec.multiMaster.activeReplica')).toEqual([
    'not imported; every node takes writes. For a primary with replicas use kind Replication with engine keydb',
  ]);
});

test('keeps the eviction that maxMemory meant, unless a directive says otherwise', () => {
  const limits = 'resources: { limits: { memory: 4Gi } }';
  expect(specOf(`{ mode: cluster, config: { maxMemory: 2gb }, ${limits} }`)).toMatchObject({
    maxMemory: '2Gi',
    maxMemoryPolicy: 'allkeys-lru',
  });
  const custom = 'customConfig: { maxmemory-policy: noeviction }';
  expect(specOf(`{ mode: cluster, config: { maxMemory: 500MB, ${custom} }, ${limits} }`)).toMatchObject({
    maxMemory: '500Mi',
    maxMemoryPolicy: 'noeviction',
  });
});

test('makes room for maxMemory', () => {
  const spec = '{ mode: cluster, config: { maxMemory: 1gb }, resources: { requests: { memory: 1Gi } } }';
  expect(specOf(spec)).toMatchObject({ resources: { requests: { memory: '1Gi' }, limits: { memory: '1366Mi' } } });
  expect(warningsOf(spec, 'spec.resources')).toEqual([
    'the memory limit is "1366Mi" from now on, and a server over it is killed; there was none: check it',
  ]);
  const tight = '{ mode: cluster, config: { maxMemory: 1gb }, resources: { limits: { memory: 1Gi } } }';
  expect(warningsOf(tight, 'spec.resources')).toEqual([
    'the memory limit is "1366Mi" from now on, and a server over it is killed; "1Gi" leaves no room beside maxMemory: check it',
  ]);
});

test('names a Secret for a password in clear, and takes the Secret where there is one', () => {
  const inClear = '{ mode: cluster, config: { requirePass: { value: hunter2 } } }';
  expect(specOf(inClear)).toMatchObject({ auth: { secret: { name: 'orders-auth', key: 'password' } } });
  expect(warningsOf(inClear, 'spec.config.requirePass.value')).toEqual([
    'not imported; a password in clear belongs in no file: create Secret "orders-auth" with it, under "password"',
  ]);
  const both = '{ mode: cluster, config: { requirePass: { value: hunter2, secretRef: { name: mine, key: pw } } } }';
  expect(specOf(both)).toMatchObject({ auth: { secret: { name: 'mine', key: 'pw' } } });
  expect(warningsOf(both, 'spec.config.requirePass.value')).toEqual(['not imported; the Secret beside it is taken']);
});

test('looks for the keys of Secrets among the documents', () => {
  const text = `${cluster('{ mode: multi-master, config: { requirePass: { secretRef: { name: pw } }, tls: { enabled: true, secretName: cert } } }')}---
kind: Secret
metadata: { name: pw, namespace: shop }
stringData: { pass: x }
---
kind: Secret
metadata: { name: cert, namespace: shop }
data: { tls.crt: eA==, tls.key: eA== }
`;
  const found = lines(importYaml(text).warnings).filter((line) => line.includes('no key'));
  expect(found).toEqual([
    '[orders] spec.config.requirePass.secretRef: the Secret among the documents has no key "password"; the servers do not start without',
    '[orders] spec.config.tls: the Secret among the documents has no key "ca.crt"; the servers do not start without',
  ]);
});

test('compares the Certificate that fills the Secret with the new names', () => {
  const text = `${cluster('{ mode: multi-master, config: { tls: { enabled: true, secretName: cert } } }')}---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: orders-certificate, namespace: shop }
spec:
  secretName: cert
  dnsNames: ['*.shop.svc.cluster.local', '*.orders-keydb-headless.shop.svc.cluster.local']
`;
  const { specs, warnings } = importYaml(text);
  expect(specs[0]!.spec).toMatchObject({ tls: { secret: { name: 'cert' }, clientCertificates: 'off' } });
  expect(lines(warnings).filter((line) => line.includes('dnsNames'))).toEqual([
    '[orders] spec.config.tls: add to dnsNames of Certificate orders-certificate: *.orders-headless.shop.svc.cluster.local',
  ]);
});

test('says what encryption of a document that does not name a Secret lacks', () => {
  const { problems } = importYaml(cluster('{ mode: multi-master, config: { tls: { enabled: true } } }'));
  expect(lines(problems)).toEqual(['[orders] spec.config.tls: must name a Secret in "secretName"']);
});

test('passes directives on, to fields of their own where there are some', () => {
  const custom = `{ tcp-keepalive: '300', MaxClients: '10000', cluster-node-timeout: '15000', save: '900 1 60 1000', appendfsync: always, min-slaves-to-write: '1' }`;
  expect(specOf(`{ mode: cluster, config: { customConfig: ${custom} } }`)).toMatchObject({
    directives: { 'tcp-keepalive': '300', maxclients: '10000' },
    nodeTimeoutMs: 15000,
    persistence: {
      appendOnly: { fsync: 'always' },
      snapshots: [
        { afterSeconds: 900, changes: 1 },
        { afterSeconds: 60, changes: 1000 },
      ],
    },
    minReplicasToWrite: 1,
  });
});

test('says why a directive is not passed on, and never its value', () => {
  const custom = `{ requirepass: hunter2, port: '7000', rename-command: 'FLUSHALL ""', proto-max-bulk-len: "1\\nrequirepass hunter2" }`;
  const { specs, warnings } = importYaml(cluster(`{ mode: cluster, config: { customConfig: ${custom} } }`));
  expect(specs[0]!.spec).not.toHaveProperty('directives');
  const found = lines(warnings).filter((line) => line.includes('customConfig'));
  expect(found).toEqual([
    '[orders] spec.config.customConfig.requirepass: not imported; it is a secret in clear: put it into a Secret, and name that in "auth" or "tls"',
    '[orders] spec.config.customConfig.port: not imported; the Services and probes rely on it',
    '[orders] spec.config.customConfig.rename-command: not imported; the agent needs every command under its own name',
    '[orders] spec.config.customConfig.proto-max-bulk-len: not imported; must be a name and one line of text with its quotes closed',
  ]);
});

test('in memory only nothing of a volume is left', () => {
  const spec = `{ mode: cluster, config: { persistence: false, customConfig: { appendfsync: always } }, storage: { size: 10Gi } }`;
  expect(specOf(spec)).toMatchObject({ persistence: 'off' });
  expect(warningsOf(spec, 'spec.storage.size')).toEqual(['not imported; persistence is "off"']);
  expect(warningsOf(spec, 'spec.config.customConfig.appendfsync')).toEqual(['not imported; persistence is "off"']);
  expect(warningsOf(spec, 'spec.storage')).toEqual([]);
});

test('leaves out what the kind has no field for', () => {
  const spec = `{ mode: multi-master, replicas: 1, upgrade: { strategy: Recreate, validationTimeoutSeconds: 60 } }`;
  expect(specOf(spec)).toMatchObject({ upgrade: { validationTimeoutSeconds: 60 } });
  expect(warningsOf(spec, 'spec.upgrade.strategy')).toEqual(['not imported; Standalone has no field upgrade.strategy']);
});

test('has the exporter where the operator has one', () => {
  expect(specOf('{ mode: cluster }')).not.toHaveProperty('monitoring');
  expect(specOf('{ mode: cluster, monitoring: {} }')).toMatchObject({ monitoring: { exporter: {} } });
  expect(specOf('{ mode: cluster, monitoring: { serviceMonitorLabels: { a: b } } }')).toMatchObject({
    monitoring: { exporter: {}, scrape: { kind: 'ServiceMonitor', labels: { a: 'b' } } },
  });
  expect(specOf('{ mode: cluster, monitoring: { enabled: false, port: 9121 } }')).not.toHaveProperty('monitoring');
});

test('keeps the spread over hosts beside the one over zones', () => {
  expect(specOf('{ mode: cluster, topologySpreadConstraints: { enabled: true, maxSkew: 2 } }')).toMatchObject({
    scheduling: {
      topologySpread: [
        { topologyKey: 'kubernetes.io/hostname', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' },
        { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 2, whenUnsatisfiable: 'DoNotSchedule' },
      ],
    },
  });
});

test('says how data moves, and under which name clients connect', () => {
  const mesh = '{ mode: multi-master, replicas: 2, config: { tls: { enabled: true, secretName: cert } } }';
  expect(warningsOf(mesh, 'spec.storage').join()).toContain(
    '{"peers":[{"host":"orders-keydb-0.orders-keydb-headless.shop.svc","port":6380},{"host":"orders-keydb-1.orders-keydb-headless.shop.svc","port":6380}]}',
  );
  expect(warningsOf('{ mode: multi-master, replicas: 1 }', 'spec.storage').join()).toContain(
    '{"replicaOf":{"host":"orders-keydb-0.orders-keydb-headless.shop.svc","auth":"off","tls":"off"}}',
  );
  expect(warningsOf('{ mode: cluster }', 'spec.storage').join()).toContain('copy the keys with a tool');
  expect(warningsOf('{ mode: cluster }', 'metadata.name')).toEqual([
    'clients connect to Service orders, which takes the place of orders-keydb',
  ]);
});
