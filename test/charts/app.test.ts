import { Chart } from 'cdk8s';
import { parse } from 'yaml';

import { buildApp } from '../../charts/app';
import { reportProblems } from '../../charts/documents';

const spec = `
  engine: valkey
  version: '8.1'
  auth: off
  tls: off
  persistence: off
`;

const database = (name: string, rest = '') =>
  `kind: Cluster\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:${spec}${rest}`;

const problemsOf = (...texts: string[]): string[] => {
  const files = texts.map((text, index) => ({ name: `${index}.yaml`, text }));
  const report = reportProblems(buildApp(files).problems);
  return report === '' ? [] : report.split('\n');
};

test('makes a chart of every document, named after its database', () => {
  const { app, problems } = buildApp([
    { name: 'a.yaml', text: `${database('orders')}---\n${database('carts')}` },
    { name: 'b.yaml', text: `# a comment\n---\n${database('users')}---\n` },
  ]);
  expect(problems).toEqual([]);
  expect(app.charts.map(({ node }) => node.id)).toEqual(['orders', 'carts', 'users']);
});

test('gives every database the agent image of the synthesis', () => {
  const { app } = buildApp([{ name: 'a.yaml', text: database('orders') }], {
    agentImage: 'registry.example/agent:dev',
  });
  expect(JSON.stringify(Chart.of(app.charts[0]!).toJson())).toContain('"image":"registry.example/agent:dev"');
});

test('names file and line of every problem in every document of every file', () => {
  expect(
    problemsOf(`${database('orders', '  shards: 2\n')}---\n${database('carts', '  sharts: 3\n')}`, database('Users')),
  ).toEqual([
    '0.yaml:11: [orders] spec.shards: must be a whole number from 3 to 500, got 2; a majority of at least 3 primaries decides every failover',
    '0.yaml:23: [carts] spec.sharts: unknown field; did you mean "shards"?',
    '1.yaml:3: [Users] metadata.name: must be a name: lower-case letters, digits and "-", a letter first, no "-" last, got "Users"',
  ]);
});

test('points at the block in which something is missing', () => {
  expect(problemsOf(database('orders').replace('  tls: off\n', ''))).toEqual([
    '0.yaml:6: [orders] spec.tls: missing, must be { secret: { name }, clientCertificates }, { issuer: { name }, clientCertificates } or "off"; "off" sends passwords and data in the clear, so it is yours to say',
  ]);
});

test('refuses a kind it does not know', () => {
  expect(problemsOf(database('orders').replace('Cluster', 'Cluser'))).toEqual([
    '0.yaml:1: [orders] kind: must be one of "Standalone", "Replication", "Sentinel", "Cluster", "MultiMaster", got "Cluser"',
  ]);
});

test('refuses fields beside kind, metadata and spec, and names beside name and namespace', () => {
  expect(problemsOf(`apiVersion: v1\n${database('orders').replace('namespace', 'namspace')}`)).toEqual([
    '0.yaml:5: [orders] metadata.namspace: unknown field; did you mean "namespace"?',
    '0.yaml:1: [orders] apiVersion: unknown field; there are: kind, metadata, spec',
    '0.yaml:4: [orders] metadata.namespace: missing, must be a namespace: lower-case letters, digits and "-", a letter or digit at both ends',
  ]);
});

test('refuses a document without a name, or that is no document', () => {
  expect(problemsOf(database('orders').replace('  name: orders\n', ''), 'just text', 'kind: Cluster')).toEqual([
    '0.yaml:3: [no name] metadata.name: missing, must be a name: lower-case letters, digits and "-", a letter first, no "-" last',
    '1.yaml:1: [no name] must be a document: { kind, metadata, spec }, got text',
    '2.yaml:1: [no name] metadata: missing, must be { name, namespace }',
    '2.yaml:1: [no name] spec: missing, must be a block of fields',
  ]);
});

test('refuses aliases that lead nowhere, or to themselves', () => {
  const alias = 'an alias must name an anchor before it, must not hold itself, and must not multiply';
  expect(problemsOf('kind: *nowhere', `${database('orders')}---\nkind: &loop [*loop]`)).toEqual([
    `0.yaml:1: not YAML: ${alias}`,
    `1.yaml:11: not YAML: ${alias}`,
  ]);
});

test('refuses a file without a document', () => {
  expect(problemsOf('', '# nothing\n')).toEqual(['0.yaml:1: no document in it', '1.yaml:1: no document in it']);
});

test('refuses text that is no YAML, with its line', () => {
  expect(problemsOf(`${database('orders')}  auth: off\n`, 'a: "b\nc')).toEqual([
    '0.yaml:11: not YAML: Map keys must be unique',
    '1.yaml:2: not YAML: Missing closing "quote',
  ]);
});

test('refuses two databases of one name in a namespace', () => {
  expect(problemsOf(database('orders'), database('orders'))).toEqual([
    '1.yaml:3: [orders] metadata.name: "orders" is taken by 0.yaml:3; both would be written to orders.k8s.yaml',
  ]);
});

test('names the files of databases of one name after their namespaces too, and nothing else of them', () => {
  const staging = database('orders').replace('namespace: shop', 'namespace: staging');
  const texts = [database('orders'), database('carts'), staging];
  const build = (...files: string[]) => buildApp(files.map((text, index) => ({ name: `${index}.yaml`, text })));
  const { app, problems } = build(...texts);
  expect(problems).toEqual([]);
  expect(app.charts.map(({ node }) => node.id)).toEqual(['shop.orders', 'carts', 'staging.orders']);
  const alone = build(staging);
  expect(alone.app.charts[0]!.node.id).toBe('orders');
  expect(app.charts[2]!.toJson()).toEqual(alone.app.charts[0]!.toJson());
});

test('refuses two databases that would make the same object', () => {
  expect(problemsOf(database('orders'), database('orders-replica'))).toEqual([
    '1.yaml:3: [orders-replica] metadata.name: makes Service shop/orders-replica, which orders at 0.yaml:3 makes too; choose another name',
  ]);
});

test('reads a document as the props of the construct, whatever YAML could have made of them', () => {
  const text = database('orders', "  annotations: { revision: '010', when: '2026-01-01' }\n");
  expect(parse(text)).toMatchObject({ spec: { tls: 'off', annotations: { revision: '010', when: '2026-01-01' } } });
  expect(problemsOf(text)).toEqual([]);
});
