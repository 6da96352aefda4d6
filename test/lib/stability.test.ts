/**
 * What Kubernetes cannot change in place, and what people write into their own configuration. A change here makes every
 * database of every user be replaced, or not found: it is a new major version of this package.
 */
import { App, Chart } from 'cdk8s';

import { Cluster } from '../../lib';
import { agentConfigSchema } from '../../lib/contract/agent-config';
import { annotations, containers, exporter, keys, labels, paths, ports } from '../../lib/contract/names';
import { leastProps, named, ofKind, synthesize } from './synthesize';

const manifests = synthesize();

test('objects keep their names', () => {
  expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ServiceAccount orders-agent',
    'Role orders-agent',
    'RoleBinding orders-agent',
    'ConfigMap orders-status',
    'ConfigMap orders-server',
    'ConfigMap orders-agent',
    'Service orders-headless',
    'Service orders',
    'Service orders-leader',
    'Service orders-replica',
    'Service orders-any',
    'PodDisruptionBudget orders-shard-0',
    'StatefulSet orders-shard-0',
    'PodDisruptionBudget orders-shard-1',
    'StatefulSet orders-shard-1',
    'PodDisruptionBudget orders-shard-2',
    'StatefulSet orders-shard-2',
    'ServiceAccount orders-drain',
    'Role orders-drain',
    'RoleBinding orders-drain',
    'ConfigMap orders-drain',
    expect.stringMatching(/^Job orders-drain-[0-9a-f]{8}$/),
  ]);
});

test('constructs keep their ids', () => {
  const cluster = new Cluster(new Chart(new App(), 'shop', { namespace: 'shop' }), 'orders', leastProps);
  expect(cluster.node.children.map(({ node }) => node.id)).toEqual([
    'service-account',
    'role',
    'role-binding',
    'status',
    'server-config',
    'agent-config',
    'headless-service',
    'client-service',
    'leader-service',
    'replica-service',
    'any-service',
    'shard-0-disruption-budget',
    'shard-0',
    'shard-1-disruption-budget',
    'shard-1',
    'shard-2-disruption-budget',
    'shard-2',
    'drain-account',
    'drain-role',
    'drain-role-binding',
    'drain-target',
    'drain',
  ]);
});

test('a StatefulSet keeps every field that can never be changed', () => {
  const { spec } = named(manifests, 'StatefulSet', 'orders-shard-0');
  expect(spec.serviceName).toBe('orders-headless');
  expect(spec.podManagementPolicy).toBe('Parallel');
  expect(spec.selector).toEqual({
    matchLabels: {
      'app.kubernetes.io/instance': 'orders',
      'app.kubernetes.io/component': 'server',
      'cdk8s-keyspace/shard': 'shard-0',
    },
  });
  expect(spec.volumeClaimTemplates).toEqual([
    {
      metadata: {
        name: 'data',
        labels: {
          'app.kubernetes.io/instance': 'orders',
          'app.kubernetes.io/component': 'server',
          'cdk8s-keyspace/shard': 'shard-0',
        },
      },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ]);
});

test('no selector or claim template depends on the engine or on labels of the user', () => {
  const fixed = (objects: ReturnType<typeof synthesize>) => [
    ...ofKind(objects, 'StatefulSet').map(({ spec }) => [spec.selector, spec.volumeClaimTemplates]),
    ...ofKind(objects, 'Service').map(({ spec }) => spec.selector),
    ...ofKind(objects, 'PodDisruptionBudget').map(({ spec }) => spec.selector),
  ];
  const other = synthesize({ engine: 'redis', labels: { team: 'checkout' }, annotations: { owner: 'checkout' } });
  expect(fixed(other)).toEqual(fixed(manifests));
  expect(other.every(({ metadata }) => metadata.labels.team === 'checkout')).toBe(true);
});

test('Services keep what clients and nodes rely on', () => {
  expect(ofKind(manifests, 'Service').map(({ spec }) => spec)).toEqual([
    {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/component': 'server' },
      ports: [
        { name: 'client', port: 6379, targetPort: 'client' },
        { name: 'bus', port: 16379, targetPort: 'bus' },
        { name: 'agent', port: 8379, targetPort: 'agent' },
      ],
    },
    // Any node; every primary; every replica; any node, by the name it has in every topology.
    ...[{}, { 'cdk8s-keyspace/role': 'primary' }, { 'cdk8s-keyspace/role': 'replica' }, {}].map((role) => ({
      selector: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/component': 'server', ...role },
      ports: [{ name: 'client', port: 6379, targetPort: 'client' }],
    })),
  ]);
});

test('a construct gives the same addresses out', () => {
  const cluster = new Cluster(new Chart(new App(), 'shop', { namespace: 'shop' }), 'orders', leastProps);
  expect(cluster.clientHost).toBe('orders.shop.svc.cluster.local');
  expect(cluster.replicaHost).toBe('orders-replica.shop.svc.cluster.local');
  expect(cluster.port).toBe(6379);
  expect(cluster.passwordSecret).toEqual({ name: 'orders-auth', key: 'password' });
  expect(cluster.statefulSets.map(({ name }) => name)).toEqual(['orders-shard-0', 'orders-shard-1', 'orders-shard-2']);
});

test('the words that manifests and agents share stay', () => {
  expect({ annotations, containers, labels, ports }).toEqual({
    annotations: {
      serverConfigHash: 'cdk8s-keyspace/server-config',
      previousVersion: 'cdk8s-keyspace/previous-version',
      approvedRevision: 'cdk8s-keyspace/approved-revision',
      stoppedRollout: 'cdk8s-keyspace/stopped-rollout',
      alikeRevisions: 'cdk8s-keyspace/alike-revisions',
      agentBefore: 'cdk8s-keyspace/agent-before',
      primaryRecord: 'cdk8s-keyspace/primary',
      primaryChange: 'cdk8s-keyspace/primary-change',
      configuration: 'cdk8s-keyspace/configuration',
      fenced: 'cdk8s-keyspace/fenced',
      paused: 'cdk8s-keyspace/paused',
      drain: 'cdk8s-keyspace/drain',
    },
    containers: { server: 'server', agent: 'agent' },
    labels: {
      name: 'app.kubernetes.io/name',
      instance: 'app.kubernetes.io/instance',
      component: 'app.kubernetes.io/component',
      managedBy: 'app.kubernetes.io/managed-by',
      shard: 'cdk8s-keyspace/shard',
      role: 'cdk8s-keyspace/role',
    },
    ports: { client: 6379, bus: 16379, agent: 8379, sentinel: 26379 },
  });
  expect([keys.serverConfig, keys.status, keys.agentConfig(1)]).toEqual([
    'server.conf',
    'status.json',
    'agent-config.v1.json',
  ]);
  expect({ ...paths, permit: paths.permit('ID') }).toEqual({
    run: '/run/keyspace',
    start: '/run/keyspace/start',
    permit: '/run/keyspace/permit.ID',
    nodeConfig: '/run/keyspace/node.conf',
    startRole: '/run/keyspace/role.conf',
    accounts: '/run/keyspace/users.acl',
    stopping: '/run/keyspace/stopping',
    stopped: '/run/keyspace/stopped',
    orders: '/run/keyspace/orders.json',
    data: '/data',
    lastPrimary: '/data/keyspace-primary.json',
    copiedSource: '/data/keyspace-source',
    drained: '/data/keyspace-drained',
    restore: '/data/keyspace-restore.json',
    restoreDraft: '/data/keyspace-restore.rdb',
    before: '/data/keyspace-before',
    replacedPasswords: '/data/keyspace-passwords.json',
    serverConfig: '/etc/keyspace/server/server.conf',
    sentinelConfig: '/etc/keyspace/server/sentinel.conf',
    sentinelState: '/data/sentinel.conf',
    agentConfig: '/etc/keyspace/agent',
    auth: '/etc/keyspace/auth',
    credentials: '/etc/keyspace/credentials',
    stores: '/stores',
    tls: '/etc/keyspace/tls',
    exporter: '/run/keyspace-exporter',
    exporterPasswords: '/run/keyspace-exporter/passwords.json',
  });
  expect(exporter).toEqual({ container: 'exporter', port: 'exporter', user: 'keyspace-exporter' });
  expect(Object.keys(agentConfigSchema.shape)).toEqual([
    'schema',
    'database',
    'namespace',
    'engine',
    'topology',
    'shards',
    'ports',
    'auth',
    'tls',
    'persistence',
    'nodeTimeoutMs',
    'rebalancing',
    'state',
    'fenced',
    'primaries',
    'replicaPriorities',
    'sentinel',
    'replicaOf',
    'peers',
    'minReplicasToWrite',
    'upgrade',
    'volumeBytes',
    'modules',
    'externalAccess',
    'backup',
    'archive',
    'restore',
  ]);
});
