import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { parseAgentConfig, type AgentConfig } from '../../lib/contract/agent-config';
import { newestSchema, renderAgentConfig } from '../../lib/contract/render-agent-config';
import { keys } from '../../lib/contract/names';
import { named, synthesize } from '../lib/synthesize';

const key = keys.agentConfig(newestSchema);

const dataOf = (manifest: unknown) => (manifest as { data: Record<string, string> }).data;

const parse = (data: Readonly<Record<string, string>>): AgentConfig => parseAgentConfig((name) => data[name]);

/** With one field changed. */
const changed = (field: string, value: unknown): Record<string, string> => {
  const document = JSON.parse(dataOf(named(synthesize(), 'ConfigMap', 'orders-agent'))[key]!) as object;
  return { [key]: JSON.stringify({ ...document, [field]: value }) };
};

test('an agent reads what a synthesis writes', () => {
  const tls = { secret: { name: 'orders-tls' }, clientCertificates: 'optional' } as const;
  const manifests = synthesize({ tls, replicasPerShard: 0, persistence: 'off', nodeTimeoutMs: 2000, version: '8.1' });
  const secret = { passwordFile: '/etc/keyspace/auth/password' };
  expect(parse(dataOf(named(manifests, 'ConfigMap', 'orders-agent')))).toEqual({
    schema: 1,
    database: 'orders',
    namespace: 'shop',
    engine: { name: 'valkey', version: '8.1' },
    topology: 'cluster',
    shards: [0, 1, 2].map((index) => ({
      name: `shard-${index}`,
      nodes: [
        { name: `orders-shard-${index}-0`, host: `orders-shard-${index}-0.orders-headless.shop.svc.cluster.local` },
      ],
    })),
    ports: { client: 6379, bus: 16379, agent: 8379 },
    auth: { agent: { user: 'keyspace-agent', ...secret }, replication: secret, overlapSeconds: 86_400 },
    tls: { clientCertificates: 'optional' },
    persistence: 'off',
    nodeTimeoutMs: 2000,
    upgrade: { strategy: 'RollingUpdate', maxUnavailable: 1, validationTimeoutSeconds: 300, supervised: false },
  });
});

const dist = resolve(__dirname, '../../dist');

test.each(readdirSync(dist))('an agent reads the example %s', (file) => {
  const objects = parseAllDocuments(readFileSync(join(dist, file), 'utf8')).map((one) => one.toJS() as object);
  const contracts = objects.filter((object) => 'data' in object && Object.hasOwn(object.data as object, key));
  expect(contracts.length).toBeGreaterThan(0);
  // What runs, and what a sync waits for.
  const running = parse(dataOf(contracts[0]));
  for (const contract of contracts) expect(parse(dataOf(contract))).toEqual(running);
});

test('the nodes of the contract are the pods that the StatefulSets make, under the Service that names them', () => {
  const manifests = synthesize({ shards: 4, replicasPerShard: 2 });
  const sets = manifests.filter(({ kind }) => kind === 'StatefulSet');
  const pods = sets.flatMap(({ metadata, spec }) =>
    Array.from({ length: spec.replicas as number }, (_, ordinal) => ({
      name: `${metadata.name}-${ordinal}`,
      host: `${metadata.name}-${ordinal}.${spec.serviceName as string}.shop.svc.cluster.local`,
    })),
  );
  const config = parse(dataOf(named(manifests, 'ConfigMap', 'orders-agent')));
  expect(config.shards.flatMap(({ nodes }) => nodes)).toEqual(pods);
});

test('a field that an older agent does not know does no harm', () => {
  expect(parse(changed('fromTheFuture', true))).not.toHaveProperty('fromTheFuture');
});

test('what is rendered can be read again', () => {
  const config = parse(changed('namespace', 'elsewhere'));
  expect(parse(renderAgentConfig(config))).toEqual(config);
});

test('refuses to read manifests of another age', () => {
  expect(() => parse({ 'agent-config.v9.json': '{}' })).toThrow(
    'agent configuration: no "agent-config.v1.json"; this agent reads schema 1, use an agent image that matches the manifests',
  );
});

test('refuses what is no JSON, and names every field it does not understand', () => {
  expect(() => parse({ [key]: '{' })).toThrow(/^agent configuration: "agent-config\.v1\.json" is not JSON: /);
  expect(() => parse(changed('shards', []))).toThrow(/"agent-config\.v1\.json" is not understood: shards: /);
  expect(() => parse(changed('topology', 'ring'))).toThrow(/is not understood: topology: /);
});
