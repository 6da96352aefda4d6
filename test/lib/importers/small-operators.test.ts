import { importYaml, lines } from './fixtures';

const failover = (spec: string) => `
apiVersion: redis.example.com/v1
kind: RedisCluster
metadata: { name: cache, namespace: shop }
spec: ${spec}
`;

const specOf = (text: string) => importYaml(text).specs[0]?.spec;

test('replicas of redis.example.com are pods, the primary among them', () => {
  expect(importYaml(failover('{ replicas: 3 }')).specs).toMatchObject([{ kind: 'Replication', spec: { replicas: 2 } }]);
  expect(importYaml(failover('{}')).specs).toMatchObject([{ kind: 'Replication', spec: { replicas: 1 } }]);
  expect(importYaml(failover('{ replicas: 1 }')).specs).toMatchObject([{ kind: 'Standalone' }]);
  expect(lines(importYaml(failover('{ replicas: 0 }')).problems)).toEqual([
    '[cache] spec.replicas: must be a whole number, 1 or more',
  ]);
});

test('fills in what the documents of redis.example.com promise', () => {
  expect(specOf(failover('{ replicas: 3 }'))).toEqual({
    engine: 'redis',
    version: '6.2',
    resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } },
    auth: 'off',
    tls: 'off',
    persistence: { size: '10Gi' },
    monitoring: { exporter: {} },
    replicas: 2,
  });
});

test.each([
  ["'7.2'", '7.2', undefined],
  ['7.2', '7.2', undefined],
  ['7.2.4', '7.2', 'redis:7.2.4'],
  ["'7'", '7.4', undefined],
  ['5.0.14', '6.2', undefined],
])('version %s is %s', (said, version, image) => {
  expect(specOf(failover(`{ version: ${said} }`))).toMatchObject(
    image === undefined ? { version } : { version, image },
  );
});

test('refuses a version that is newer than all it knows', () => {
  expect(lines(importYaml(failover("{ version: '99.0' }")).problems)[0]).toMatch(
    /^\[cache\] spec.version: redis 99.0 is not known; there are 6.2, /,
  );
});

test('says how data moves', () => {
  const said = lines(importYaml(failover('{}')).warnings).filter((line) => line.includes('spec.persistence'));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('{"replicaOf":{"host":"cache.shop.svc","auth":"off","tls":"off"}}');
});
