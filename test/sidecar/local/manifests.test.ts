import { stringify } from 'yaml';

import { keys, paths } from '../../../lib/contract/names';
import { readManifests } from '../../../sidecar/local/manifests';
import { config, manifests } from './fixture';

const plan = readManifests(manifests({ preStop: `touch ${paths.stopping}` }));

test('a pod is planned for each node of the contract, in its order', () => {
  expect(plan.config).toEqual(config);
  expect(plan.pods.map(({ name, shard }) => [name, shard])).toEqual([
    ['orders-shard-0-0', 'shard-0'],
    ['orders-shard-0-1', 'shard-0'],
  ]);
});

test('the commands and the hook are those of the manifests', () => {
  const [pod] = plan.pods;
  expect(pod?.server.command.slice(0, 2)).toEqual(['sh', '-c']);
  expect(pod?.server.preStop).toEqual(['sh', '-c', `touch ${paths.stopping}`]);
  expect(pod?.agent.command).toEqual(['sh', '-c', 'exec sleep 600']);
  expect(pod?.agent.env).toContainEqual({ name: 'POD_NAME', field: 'metadata.name' });
});

test('volumes become folders that stay, folders that go, files and secrets', () => {
  const [pod] = plan.pods;
  expect(pod?.claims).toEqual([paths.data]);
  expect(pod?.scratch).toEqual([paths.run]);
  expect(pod?.files[paths.serverConfig]).toContain('port 6379');
  expect(Object.keys(pod?.files ?? {})).toContain(`${paths.agentConfig}/${keys.agentConfig(1)}`);
  expect(pod?.secrets).toEqual([
    { path: paths.auth, secret: 'orders-auth', items: [{ key: 'word', path: 'password' }] },
  ]);
});

test('without persistence the data goes with the pod', () => {
  const [pod] = readManifests(manifests({ persistent: false })).pods;
  expect(pod?.claims).toEqual([]);
  expect(pod?.scratch).toEqual([paths.run, paths.data]);
});

test('a Secret in the manifests is read, encoded or not', () => {
  const secret = {
    kind: 'Secret',
    metadata: { name: 'orders-auth' },
    data: { word: Buffer.from('sesame').toString('base64') },
    stringData: { other: 'plain' },
  };
  expect(readManifests(manifests({ more: [secret] })).secrets.get('orders-auth')).toEqual({
    word: 'sesame',
    other: 'plain',
  });
});

test.each([
  ['an empty file', '', 'no manifests: the file is empty'],
  [
    'manifests without a contract',
    stringify({ kind: 'Service', metadata: { name: 'a' } }),
    /^0 databases in the manifests/,
  ],
  ['two databases', `${manifests()}---\n${manifests().replaceAll('orders', 'stock')}`, /^2 databases in the manifests/],
  ['what is not YAML', 'a: [', /^manifests are not YAML: /],
  [
    'a StatefulSet that makes fewer pods than the contract names',
    manifests({ replicas: 1 }),
    /^node orders-shard-0-1 is in the contract/,
  ],
  ['a StatefulSet that makes more', manifests({ replicas: 3 }), /^pods orders-shard-0-2 are not in the contract/],
  [
    'a ConfigMap that is none',
    stringify({ kind: 'ConfigMap', metadata: { name: 'a' }, data: { b: 1 } }),
    /^ConfigMap a is not understood: data.b: /,
  ],
])('rejects %s', (_, text, message) => {
  expect(() => readManifests(text)).toThrow(message);
});
