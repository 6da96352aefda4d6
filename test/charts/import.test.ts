import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { buildApp } from '../../charts/app';
import { reportProblems, reportWarnings } from '../../charts/documents';
import { importFiles } from '../../charts/import';

const cluster = `apiVersion: cache.hera.io/v1alpha1
kind: RedisCluster
metadata:
  name: orders
  namespace: shop
spec:
  version: '7.2'
  masters: 3
  shard: 4
  resources:
    limits:
      memory: 512Mi
`;

const spec = `kind: Cluster
metadata:
  name: orders
  namespace: shop
spec:
  engine: redis
  version: '7.2'
  resources:
    limits:
      memory: 512Mi
  auth: 'off'
  tls: 'off'
  persistence:
    size: 1Gi
  shards: 3
  replicasPerShard: 1
`;

const file = (text: string, name = 'old.yaml') => ({ name, text });

test('writes a spec as people would', () => {
  expect(importFiles([file(cluster)]).yaml).toBe(spec);
});

test('writes a document for each database', () => {
  const { yaml } = importFiles([file(cluster), file(cluster.replace('orders', 'carts'), 'carts.yaml')]);
  expect(yaml).toBe(`${spec}---\n${spec.replace('orders', 'carts')}`);
  expect(parseAllDocuments(yaml)).toHaveLength(2);
});

test('what is written for a sharded database is read without an edit', () => {
  const { app, problems, warnings } = buildApp([file(importFiles([file(cluster)]).yaml)]);
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  expect(app.charts.map(({ node }) => node.id)).toEqual(['orders']);
});

test('names file and line of every field that is not carried over', () => {
  const { warnings, problems } = importFiles([
    file(`# a comment\n---\n${cluster}`),
    file(cluster.replace('orders', 'carts').replace('512Mi', 'much'), 'carts.yaml'),
  ]);
  expect(reportWarnings(warnings)).toContain(
    'old.yaml:11: warning: [orders] spec.shard: not imported; no field of RedisCluster that this version knows. If it matters, set it in the spec by hand',
  );
  expect(reportProblems(problems)).toBe(
    'carts.yaml:12: [carts] spec.resources.limits.memory: must be a quantity of bytes like "512Mi" or "10Gi"',
  );
});

test('warnings go through the files in order, and through each from top to bottom', () => {
  const { warnings } = importFiles([file(cluster, 'z.yaml'), file(cluster.replace('orders', 'carts'), 'a.yaml')]);
  const places = warnings.map(({ file: name, line }) => ({ name, line }));
  const sorted = [...places].sort((a, b) => b.name.localeCompare(a.name) || a.line - b.line);
  expect(places).toEqual(sorted);
});

test('a file that is no YAML keeps the others from nothing', () => {
  const { yaml, problems } = importFiles([file('a: [', 'broken.yaml'), file(cluster)]);
  expect(yaml).toBe(spec);
  expect(reportProblems(problems)).toMatch(/^broken.yaml:1: not YAML: /);
});

test('a template of a chart is told of in one line, with what to do', () => {
  const template = `{{- if .Values.cache }}\n${cluster.replace('orders', '{{ .Release.Name }}')}{{- end }}\n`;
  expect(reportProblems(importFiles([file(template)]).problems)).toMatch(
    /^old.yaml:1: not YAML: [^\n]+; a template has to be filled in first, with "helm template"$/,
  );
});

test('what makes Secrets stays as it is, as they do', () => {
  const made =
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: password, namespace: shop }\n';
  const { warnings, problems } = importFiles([file(cluster), file(made, 'secret.yaml')]);
  expect(problems).toEqual([]);
  expect(reportWarnings(warnings).at(-1)).toBe(
    'secret.yaml:1: warning: [password] ExternalSecret: stays as it is; go on applying it',
  );
});

test('an app takes documents of operators in place of specs, Secrets beside them', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: password, namespace: shop }\n';
  const { app, problems, warnings } = buildApp([
    file(`${cluster}---\n${secret}`),
    file(spec.replace('orders', 'own'), 'own.yaml'),
  ]);
  expect(problems).toEqual([]);
  expect(app.charts.map(({ node }) => node.id)).toEqual(['own', 'orders']);
  expect(reportWarnings(warnings).join('\n')).toContain('old.yaml:9: warning: [orders] spec.shard: not imported');
});

test('an app says where the old document of a name is that is taken', () => {
  const { problems } = buildApp([file(spec, 'own.yaml'), file(cluster)]);
  expect(reportProblems(problems)).toBe(
    'old.yaml:4: [orders] metadata.name: "orders" is taken by own.yaml:3; both would be written to orders.k8s.yaml',
  );
});

describe('keyspace import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyspace-import-test-'));
  const root = resolve(__dirname, '../..');
  const cli = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'charts/cli.ts'), 'import'];
  const run = (args: readonly string[], input = '') =>
    spawnSync(process.execPath, [...cli, ...args], { cwd: folder, input, encoding: 'utf8' });

  beforeAll(() => {
    writeFileSync(join(folder, 'orders.yaml'), cluster);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('writes specs to standard output and warnings to standard error', () => {
    const { status, stdout, stderr } = run(['orders.yaml']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: spec });
    expect(stderr).toContain('orders.yaml:9: warning: [orders] spec.shard: not imported');
  });

  test('reads standard input, and takes a namespace', () => {
    const { status, stdout } = run(['--namespace', 'ours', '-'], cluster.replace('  namespace: shop\n', ''));
    expect({ status, stdout }).toEqual({ status: 0, stdout: spec.replace('shop', 'ours') });
  });

  test('ends with 1 where it cannot take a document, and still writes the others', () => {
    const { status, stdout, stderr } = run(['orders.yaml', '-'], 'kind: Deployment\nmetadata: { name: web }\n');
    expect({ status, stdout }).toEqual({ status: 1, stdout: spec });
    expect(stderr).toContain('-:1: [web] kind: Deployment of no API group is not known; there are: ');
  });

  test.each([
    ['no file', []],
    ['a file that is not there', ['nowhere.yaml']],
    ['an option that is not there', ['--into', 'x', 'orders.yaml']],
  ])('ends with 2 where it is given %s', (_, args) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });
});
