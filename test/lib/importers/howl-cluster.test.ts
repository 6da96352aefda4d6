import { importYaml, lines } from './fixtures';

const cluster = (spec: string, annotations = '{}') => `
apiVersion: redis.io/v1
kind: RedisCluster
metadata: { name: cache, namespace: shop, annotations: ${annotations} }
spec: ${spec}
`;

const s3 = '{ s3: { bucket: backups, path: /cache/, endpoint: "minio.example:9000" } }';

const backup = (name: string, rest: string, kind = 'RedisBackup', after = '') => `---
apiVersion: redis.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec: { clusterName: cache, ${rest} }
${after}
`;

const scheduled = (name: string, schedule: string, rest = `destination: ${s3}`) =>
  backup(name, `schedule: "${schedule}", ${rest}`, 'RedisScheduledBackup');

const specOf = (text: string) => importYaml(text).specs[0]?.spec;

const warningsOf = (text: string, path: string): string[] =>
  importYaml(text)
    .warnings.filter((note) => note.path.join('.') === path)
    .map(({ message }) => message);

test('mode and number of instances decide the kind', () => {
  const shape = (spec: string) => {
    const [made] = importYaml(cluster(spec)).specs;
    const { replicas, shards, replicasPerShard } = made!.spec;
    return { kind: made!.kind, replicas, shards, replicasPerShard };
  };
  expect(shape('{}')).toEqual({ kind: 'Standalone' });
  expect(shape('{ instances: 3 }')).toEqual({ kind: 'Replication', replicas: 2 });
  expect(shape('{ mode: sentinel, instances: 3 }')).toEqual({ kind: 'Sentinel', replicas: 2 });
  expect(shape('{ mode: cluster }')).toEqual({ kind: 'Cluster', shards: 3, replicasPerShard: 0 });
  const { specs, problems } = importYaml(cluster('{ instances: 0 }'));
  expect(specs).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual(['must be a whole number, 1 or more']);
});

test('takes the engine from the image', () => {
  const engineOf = (image: string) => {
    const { engine, version, image: kept } = specOf(cluster(`{ imageName: "${image}" }`))!;
    return [engine, version, kept];
  };
  expect(engineOf('redis:7.2.4')).toEqual(['redis', '7.2', 'redis:7.2.4']);
  expect(engineOf('valkey/valkey:8.1-alpine')).toEqual(['valkey', '8.1', 'valkey/valkey:8.1-alpine']);
});

test('leaves the password to be made where the operator makes one', () => {
  expect(specOf(cluster('{}'))).not.toHaveProperty('auth');
  expect(warningsOf(cluster('{}'), 'spec.authSecret')[0]).toContain('made a password in Secret "cache-auth"');
  expect(specOf(cluster('{ authSecret: { name: mine }, aclConfigSecret: { name: users } }'))).toMatchObject({
    auth: { secret: { name: 'mine' }, usersFile: { name: 'users', key: 'acl' } },
  });
});

test('reads key, certificate and authority from one Secret', () => {
  const two = cluster('{ tlsSecret: { name: cert }, caSecret: { name: authority } }');
  expect(specOf(two)).toMatchObject({ tls: { secret: { name: 'cert' }, clientCertificates: 'optional' } });
  expect(warningsOf(two, 'spec.caSecret.name')).toEqual([
    'add its ca.crt to Secret cert: the servers read key, certificate and authority from there',
  ]);
  expect(warningsOf(cluster('{ tlsSecret: { name: a }, caSecret: { name: a } }'), 'spec.caSecret.name')).toEqual([]);
  expect(lines(importYaml(cluster('{ caSecret: { name: a } }')).problems)).toEqual([
    '[cache] spec.caSecret: must stand beside tlsSecret',
  ]);
});

test('takes memory as an amount or a share, and leaves enough beside it', () => {
  const limits = 'resources: { limits: { memory: 2Gi } }';
  expect(specOf(cluster(`{ memory: { maxMemoryPercent: 75 }, ${limits} }`))).toMatchObject({ maxMemory: '75%' });
  expect(specOf(cluster(`{ memory: { maxMemory: 1536Mi }, ${limits} }`))).toMatchObject({ maxMemory: '1536Mi' });
  const full = cluster(`{ memory: { maxMemoryPercent: 100 }, ${limits} }`);
  expect(specOf(full)).toMatchObject({ maxMemory: '90%' });
  expect(warningsOf(full, 'spec.resources')).toEqual([
    'maxMemory is "90%" of the limit from now on; "100%" leaves too little for replication and snapshots',
  ]);
  expect(lines(importYaml(cluster(`{ memory: { maxMemory: 1Gi, maxMemoryPercent: 5 }, ${limits} }`)).problems)).toEqual(
    ['[cache] spec.memory: must have one of "maxMemory" and "maxMemoryPercent"'],
  );
});

test('fences the nodes that stand where fenced pods did', () => {
  const fenced = (spec: string, pods: string) =>
    specOf(cluster(spec, `{ redis.io/fencedInstances: '${pods}' }`))?.fenced;
  expect(fenced('{ instances: 3 }', '["cache-0", "cache-2"]')).toEqual(['cache-server-0', 'cache-server-2']);
  expect(fenced('{ mode: cluster, replicasPerShard: 1 }', '["cache-5"]')).toEqual(['cache-shard-2-1']);
});

test('says which fences it cannot read', () => {
  const bad = cluster('{}', `{ redis.io/fencedInstances: 'cache-0' }`);
  expect(lines(importYaml(bad).problems)).toEqual([
    '[cache] metadata.annotations.redis.io/fencedInstances: must be a JSON list of names of pods, like ["orders-0"]; the operator fenced nobody instead',
  ]);
  const other = cluster('{}', `{ redis.io/fencedInstances: '["cache-7", "other-0"]' }`);
  expect(specOf(other)).not.toHaveProperty('fenced');
  expect(warningsOf(other, 'metadata.annotations.redis.io/fencedInstances')).toHaveLength(2);
});

test('hibernates what hibernates', () => {
  const stateOf = (value: string) => specOf(cluster('{}', `{ redis.io/hibernation: '${value}' }`))?.state;
  expect(['on', 'TRUE', 'off', 'false'].map(stateOf)).toEqual(['hibernated', 'hibernated', undefined, undefined]);
});

test('follows another primary, until it is promoted', () => {
  const source = 'source: { host: west.example, authSecretName: west }';
  expect(specOf(cluster(`{ instances: 2, replicaMode: { enabled: true, ${source} } }`))).toMatchObject({
    replicaOf: { host: 'west.example', port: 6379, auth: { secret: { name: 'west' } }, tls: 'off' },
  });
  const promoted = cluster(`{ instances: 2, replicaMode: { enabled: true, promote: true, ${source} } }`);
  expect(specOf(promoted)).not.toHaveProperty('replicaOf');
  expect(warningsOf(promoted, 'spec.replicaMode.promote')).toHaveLength(1);
  const sharded = cluster(`{ mode: cluster, replicaMode: { enabled: true, ${source} } }`);
  expect(warningsOf(sharded, 'spec.replicaMode.source')).toEqual(['not imported; Cluster has no field replicaOf']);
});

test('backups of all documents become one block', () => {
  const text = [
    cluster('{ backupCredentialsSecret: { name: store } }'),
    backup('now', `destination: ${s3}, target: primary`),
    scheduled('nightly', '0 2 * * *', `destination: ${s3}, timeZone: America/Chicago, suspend: true`),
    scheduled('hourly', '@every 1h'),
  ].join('');
  expect(importYaml(text).problems).toEqual([]);
  expect(specOf(text)?.backup).toEqual({
    destination: {
      s3: {
        bucket: 'backups',
        prefix: 'cache',
        endpoint: 'https://minio.example:9000',
        credentials: { name: 'store' },
      },
    },
    source: 'primary',
    once: ['now'],
    schedules: [
      { name: 'nightly', cron: '0 2 * * *', timeZone: 'America/Chicago', suspended: true },
      { name: 'hourly', cron: '0 */1 * * *' },
    ],
  });
});

test('does not make a backup again that is over', () => {
  const text = cluster('{}') + backup('done', `destination: ${s3}`, 'RedisBackup', 'status: { phase: Completed }');
  expect(specOf(text)?.backup).not.toHaveProperty('once');
  expect(warningsOf(text, 'status.phase')).toEqual(['not imported; it is over, and is not made again']);
});

test('a database has one destination: the first', () => {
  const other = backup('b', 'destination: { s3: { bucket: elsewhere } }');
  const text = cluster('{}') + backup('a', `destination: ${s3}`) + other;
  expect(specOf(text)).toMatchObject({ backup: { destination: { s3: { bucket: 'backups' } }, once: ['a', 'b'] } });
  expect(warningsOf(text, 'spec.destination.s3.bucket')).toEqual([
    'not imported; RedisBackup a says otherwise, and a database has one backup.destination.s3.bucket',
  ]);
});

test('says what is to be done about Azure, with the schedule to keep', () => {
  const text = cluster('{}') + scheduled('nightly', '0 2 * * *', 'destination: { azure: { container: c } }');
  expect(specOf(text)).not.toHaveProperty('backup');
  expect(warningsOf(text, 'spec.schedule')).toEqual([
    'not imported; a backup goes to a store that speaks S3, or to a volume; name one in backup.destination, and this in backup.schedules: {"name":"nightly","cron":"0 2 * * *"}',
  ]);
});

test.each([
  ['@every 15m', '*/15 * * * *'],
  ['@every 6h', '0 */6 * * *'],
  ['@every 24h', '0 0 * * *'],
  ['@daily', '@daily'],
  ['CRON_TZ=Asia/Tokyo 0 6 * * *', '0 6 * * *'],
])('%s is %s', (schedule, cron) => {
  expect(specOf(cluster('{}') + scheduled('x', schedule))).toMatchObject({ backup: { schedules: [{ cron }] } });
});

test.each(['@every 7m', '@every 90m', '@every 10s', '@every soon'])(
  'refuses %s, which no CronJob can say',
  (schedule) => {
    expect(lines(importYaml(cluster('{}') + scheduled('x', schedule)).problems)).toEqual([
      '[x] spec.schedule: must be a time as cron writes it, like "0 */6 * * *"; a CronJob has no "@every" that does not divide a day',
    ]);
  },
);

test('shortens the name of a schedule', () => {
  const text = cluster('{}') + scheduled('the-nightly-backup-of-cache', '0 2 * * *');
  expect(specOf(text)).toMatchObject({ backup: { schedules: [{ name: 'the-nightly-backu-1' }] } });
  expect(warningsOf(text, 'spec.schedule')[0]).toContain('at most 20 characters');
});

test('a switch may be a word that YAML once took for one', () => {
  const said = (value: string) =>
    warningsOf(cluster(`{ enablePodDisruptionBudget: ${value} }`), 'spec.enablePodDisruptionBudget');
  expect(['yes', 'On', 'true', '"true"'].flatMap(said)).toEqual([]);
  expect(said('no')).toEqual([expect.stringContaining('a disruption budget is always made')]);
});
