import { App, Chart } from 'cdk8s';

import { Cluster, SpecError, type ClusterProps } from '../../../lib';

const sound: ClusterProps = {
  engine: 'valkey',
  version: '8.1',
  auth: { secret: { name: 'orders-auth' } },
  tls: 'off',
  persistence: { size: '1Gi' },
};

/** Every problem of a construct with these props, a line each. */
function problemsOf(props: unknown, id = 'orders', namespace: string | undefined = 'shop'): string[] {
  const chart = new Chart(new App(), 'chart', { namespace });
  try {
    new Cluster(chart, id, props as ClusterProps);
  } catch (error) {
    if (error instanceof SpecError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** Name of the case, what is changed in a sound spec, and the message after the construct's path. */
const broken: readonly (readonly [name: string, change: Readonly<Record<string, unknown>>, message: string])[] = [
  [
    'an engine that does not exist',
    { engine: 'memcached' },
    'engine: must be one of "valkey", "redis", "keydb", got "memcached"',
  ],
  [
    'a version the engine does not have',
    { version: '8.3' },
    'version: must be a version of valkey, one of "7.2", "8.0", "8.1", "9.0", "9.1", got "8.3"',
  ],
  [
    'a version that YAML reads as a number',
    { version: 8.1 },
    'version: must be a version in quotes, like "8.1", got 8.1',
  ],
  [
    'an image of another version',
    { image: 'registry.example/valkey:9.0.1' },
    'image: must have a tag of version "8.1", got "registry.example/valkey:9.0.1"; set "version" and "image" to the same one',
  ],
  [
    "an image whose version is anyone's guess",
    { image: 'registry.example:5000/valkey' },
    'image: must be an image with a tag or a digest, got "registry.example:5000/valkey"; no tag and "latest" mean another version every other day',
  ],
  [
    'too few primaries for a majority',
    { shards: 2 },
    'shards: must be a whole number from 3 to 500, got 2; a majority of at least 3 primaries decides every failover',
  ],
  [
    'more replicas than are of use',
    { replicasPerShard: 6 },
    'replicasPerShard: must be a whole number from 0 to 5, got 6',
  ],
  ['a misspelt field', { replicaPerShard: 1 }, 'replicaPerShard: unknown field; did you mean "replicasPerShard"?'],
  [
    'a password in the place of its Secret, which is not repeated',
    { auth: 'hunter2' },
    'auth: must be { secret: { name, key } } or "off", or left out for a password that is made in the Kubernetes cluster; "off" lets in everybody who reaches the port, so it is yours to say',
  ],
  [
    'a Secret without a name',
    { auth: { secret: { key: 'password' } } },
    'auth.secret.name: missing, must be the name of a Secret: lower-case letters, digits and "-", a letter or digit at both ends, several such parts with "." between',
  ],
  [
    'tls as YAML 1.1 reads "off"',
    { tls: false },
    'tls: must be { secret: { name }, clientCertificates }, { issuer: { name }, clientCertificates } or "off", got false; "off" sends passwords and data in the clear, so it is yours to say',
  ],
  [
    'no word on client certificates',
    { tls: { secret: { name: 'orders-tls' } } },
    'tls.clientCertificates: missing, must be one of "required", "optional", "off"',
  ],
  [
    'TLS with an engine that announces addresses only',
    { engine: 'redis', version: '6.2', tls: { secret: { name: 'orders-tls' }, clientCertificates: 'off' } },
    'tls: must be "off" with redis 6.2; it announces addresses only, and certificates hold names: use a newer version',
  ],
  [
    'a size in a unit that Kubernetes does not have',
    { persistence: { size: '10GB' } },
    'persistence.size: must be a quantity of bytes like "512Mi" or "10Gi", got "10GB"',
  ],
  [
    'more data than the memory limit has room for',
    { resources: { limits: { memory: '1Gi' } }, maxMemory: '1000Mi' },
    'maxMemory: must be at most "921Mi" under the memory limit "1Gi", got "1000Mi"; replication and snapshots need the rest, and a server over its limit is killed',
  ],
  [
    'a memory limit that the server itself fills',
    { resources: { limits: { memory: '48Mi' } } },
    'resources.limits.memory: must be at least "64Mi", got "48Mi"; the server itself takes half of that',
  ],
  [
    'a request above its limit',
    { resources: { requests: { memory: '1Gi' }, limits: { memory: '512Mi' } } },
    'resources.requests.memory: must be at most the limit "512Mi", got "1Gi"',
  ],
  [
    'an eviction policy that does not exist',
    { maxMemoryPolicy: 'lru' },
    'maxMemoryPolicy: must be one of "noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", got "lru"',
  ],
  [
    'a directive that the library owns',
    { directives: { requirepass: 'hunter2' } },
    'directives.requirepass: cannot be set here; use "auth"',
  ],
  [
    'a directive of a newer version',
    { directives: { 'cluster-databases': 16 } },
    'directives.cluster-databases: must be a directive of valkey 8.1; it came with valkey 9.0',
  ],
  [
    'a directive that no version has',
    { directives: { 'max-memory': '1gb' } },
    'directives.max-memory: must be a directive of valkey 8.1; no version of it has',
  ],
  [
    'a denied command of a newer version',
    { auth: { deniedCommands: ['flushall', 'cluster|migrateslots'] } },
    'auth.deniedCommands[1]: must be a command of valkey 8.1, got "cluster|migrateslots"; it came with valkey 9.0',
  ],
  [
    'a denied category that no version has',
    { auth: { deniedCommands: ['@danger'] } },
    'auth.deniedCommands[0]: must be a command of valkey 8.1, got "@danger"; no version of it has',
  ],
  [
    'a command of a user that no version has',
    { auth: { users: [{ name: 'app', secret: { name: 'app' }, commands: ['+get', '+config|sett'] }] } },
    'auth.users[0].commands[1]: must be a command of valkey 8.1, got "+config|sett"; no version of it has',
  ],
  [
    'a second directive smuggled in behind a line break',
    { directives: { timeout: '0\nrequirepass hunter2' } },
    'directives.timeout: must be one line without control characters',
  ],
  [
    'a quote that is never closed',
    { directives: { 'proc-title-template': '"{title}' } },
    'directives.proc-title-template: must close every quote it opens, got "\\"{title}"',
  ],
  [
    'a switch that is no text',
    { directives: { activedefrag: true } },
    'directives.activedefrag: must be text in quotes or a number, "yes" or "no" for a switch, got true',
  ],
  [
    'a time without a unit of its own',
    { nodeTimeoutMs: '5s' },
    'nodeTimeoutMs: must be a whole number from 1000 to 600000, got "5s"',
  ],
  [
    'a label that the selectors rest on',
    { labels: { 'app.kubernetes.io/instance': 'other' } },
    'labels.app.kubernetes.io/instance: cannot be set here; the library sets it, choose another key',
  ],
  [
    'a toleration that Kubernetes does not know',
    { scheduling: { tolerations: [{ operator: 'Equals' }] } },
    'scheduling.tolerations[0].operator: must be "Equal" or "Exists", got "Equals"',
  ],
  [
    'a toleration of every taint that compares values',
    { scheduling: { tolerations: [{ effect: 'NoSchedule' }] } },
    'scheduling.tolerations[0].operator: must be "Exists" without a "key": every taint is meant',
  ],
  [
    'a toleration with a value that is not asked for',
    { scheduling: { tolerations: [{ key: 'dedicated', operator: 'Exists', value: 'cache' }] } },
    'scheduling.tolerations[0].value: must be left out with the operator "Exists", which asks for no value',
  ],
  [
    'a toleration that ends where nothing drives pods away',
    { scheduling: { tolerations: [{ key: 'dedicated', effect: 'NoSchedule', tolerationSeconds: 60 }] } },
    'scheduling.tolerations[0].effect: must be "NoExecute" with "tolerationSeconds"; no other drives pods away',
  ],
  [
    'two spreads of one kind',
    {
      scheduling: {
        topologySpread: [
          { topologyKey: 'topology.kubernetes.io/zone' },
          { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
          { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 2 },
        ],
      },
    },
    'scheduling.topologySpread[2].topologyKey: must be the only one with "DoNotSchedule", got "topology.kubernetes.io/zone" twice',
  ],
  [
    'a Secret of a registry that is named twice',
    { imagePullSecrets: ['registry', 'registry'] },
    'imagePullSecrets[1]: must be named once, got "registry" twice',
  ],
  [
    'an affinity that is none of a pod',
    { scheduling: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } } },
    'scheduling.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: missing, must be a list of terms: { matchExpressions, matchFields }',
  ],
  [
    'a list where an affinity has a block',
    { scheduling: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { x: 1 } } } } },
    'scheduling.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution: must be a list of terms: { topologyKey, labelSelector }, got a block',
  ],
  [
    'a number that two checks refuse, in one line',
    { shards: 2 ** 53 },
    'shards: must be a whole number from 3 to 500, got 9007199254740992; a majority of at least 3 primaries decides every failover',
  ],
];

test.each(broken)('refuses %s', (_name, change, message) => {
  expect(problemsOf({ ...sound, ...change })).toEqual([`[chart/orders] ${message}`]);
});

test('accepts the spec that all of these differ from', () => {
  expect(problemsOf(sound)).toEqual([]);
});

test('takes rules about commands that a module brings, and about first arguments', () => {
  const auth = { users: [{ name: 'app', secret: { name: 'app' }, commands: ['+select|0', '-@dangerous', '+@all'] }] };
  expect(problemsOf({ ...sound, auth })).toEqual([]);
  const modules = [{ path: '/usr/lib/valkey/libjson.so' }];
  expect(problemsOf({ ...sound, auth: { deniedCommands: ['json.set'] }, modules })).toEqual([]);
});

test('lists every problem of a spec at once, also those between sound fields', () => {
  const change = {
    engine: 'valkey',
    shards: 1,
    resources: { limits: { memory: '1Mi' } },
    directives: { port: 1, activedefrag: true, bogus: 'x' },
  };
  expect(problemsOf({ ...sound, ...change }, 'Orders')).toEqual([
    '[chart/Orders] metadata.name: must be a name: lower-case letters, digits and "-", a letter first, no "-" last, got "Orders"',
    '[chart/Orders] shards: must be a whole number from 3 to 500, got 1; a majority of at least 3 primaries decides every failover',
    '[chart/Orders] resources.limits.memory: must be at least "64Mi", got "1Mi"; the server itself takes half of that',
    '[chart/Orders] directives.port: cannot be set here; the Services and probes rely on it',
    '[chart/Orders] directives.activedefrag: must be text in quotes or a number, "yes" or "no" for a switch, got true',
    '[chart/Orders] directives.bogus: must be a directive of valkey 8.1; no version of it has',
  ]);
});

test('does not judge an image by a version that is wrong itself', () => {
  expect(problemsOf({ ...sound, version: 8.1, image: 'valkey/valkey:8.1' })).toHaveLength(1);
});

test('checks a spec that says no version by the one that is taken', () => {
  const newest: ClusterProps = { ...sound, version: undefined };
  expect(problemsOf(newest)).toEqual([]);
  const change = { directives: { bogus: 'x' }, image: 'valkey/valkey:8.1', auth: { deniedCommands: ['@danger'] } };
  expect(problemsOf({ ...newest, ...change })).toEqual([
    '[chart/orders] image: must have a tag of version "9.1", got "valkey/valkey:8.1"; set "version" and "image" to the same one',
    '[chart/orders] directives.bogus: must be a directive of valkey 9.1; no version of it has',
    '[chart/orders] auth.deniedCommands[0]: must be a command of valkey 9.1, got "@danger"; no version of it has',
  ]);
});

test('refuses a name whose StatefulSets or Services Kubernetes would refuse', () => {
  const longest = 'o'.repeat(44);
  expect(problemsOf(sound, longest)).toEqual([]);
  expect(problemsOf(sound, `${longest}o`)).toEqual([
    `[chart/${longest}o] metadata.name: must have at most 44 characters, got "${longest}o" with 45; its StatefulSet "${longest}o-shard-2" may have 52`,
  ]);
});

test('refuses a chart without a namespace, because host names need one', () => {
  const chart = new Chart(new App(), 'chart');
  expect(() => new Cluster(chart, 'orders', sound)).toThrow(
    '[chart/orders] metadata.namespace: missing, must be a namespace: lower-case letters, digits and "-", a letter or digit at both ends',
  );
});

test('hands the problems to tools as data', () => {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  const create = () => new Cluster(chart, 'orders', { ...sound, shards: 0 });
  expect(create).toThrow(
    expect.objectContaining({
      name: 'SpecError',
      subject: 'chart/orders',
      problems: [expect.objectContaining({ path: ['shards'] })],
    }) as Error,
  );
});
