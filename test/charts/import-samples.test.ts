import { stringify } from 'yaml';

import { buildApp } from '../../charts/app';
import { reportProblems, type SpecFile } from '../../charts/documents';
import { importFiles } from '../../charts/import';
import { readFixtures, readYaml } from '../lib/importers/fixtures';

/** What the operators' documents leave to a shell. */
const variables: Readonly<Record<string, string>> = {
  name: 'upgraded',
  instances: '3',
  image_name: 'redis:7.2',
  REDIS_CLUSTER_NAME: 'tried',
  REDIS_INSTANCES: '3',
};

/** The least around a fragment of a spec. */
const around: Readonly<Record<string, object>> = {
  opendi: { apiVersion: 'keydb.io/v1alpha1', kind: 'KeyDBCluster', spec: { mode: 'multi-master' } },
  smoketurner: {
    apiVersion: 'valkey-operator.smoketurner.com/v1alpha1',
    kind: 'ValkeyCluster',
    spec: { tls: { issuerRef: { name: 'authority' } }, auth: { secretRef: { name: 'password' } } },
  },
  howl: { apiVersion: 'redis.io/v1', kind: 'RedisCluster', spec: { mode: 'standalone', instances: 3 } },
};

const withoutVariables = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document).replace(/\$\{(\w+)\}/g, (_, name: string) => variables[name]!));

const textOf = (name: string, documents: readonly unknown[]): SpecFile => ({
  name,
  text: documents.map((document) => stringify(document)).join('---\n'),
});

/** Values of a Helm chart, which no document of the operator has. */
const isChartValues = (file: string): boolean => file.includes('docs__monitoring');

function wholeOf(file: string, document: unknown): unknown {
  if (!file.includes('.fragment.')) return withoutVariables(document);
  const { spec, ...whole } = around[file.split('/')[0]!] as { spec: object };
  const fragment = (document as { spec?: object }).spec ?? (document as object);
  const metadata = { name: 'fragment', namespace: 'shop' };
  return { ...whole, metadata, spec: { ...spec, ...fragment } };
}

const samples = readFixtures('samples').filter(({ file }) => !isChartValues(file));

test('there are samples of all five operators', () => {
  expect(new Set(samples.map(({ file }) => file.split('/')[0]))).toEqual(
    new Set(['hera', 'howl', 'opendi', 'redis-example', 'smoketurner']),
  );
});

test.each(samples)(
  "takes the operator's own $file, and makes manifests of it without an edit",
  ({ file, documents }) => {
    const whole = documents.map((document) => wholeOf(file, document));
    const { yaml, problems, warnings } = importFiles([textOf(file, whole)]);
    expect(reportProblems(problems)).toBe('');
    expect(warnings.length).toBeGreaterThan(0);
    const databases = whole.filter((document) => /Cluster$|Instance$/.test((document as { kind: string }).kind));
    expect(readYaml(yaml)).toHaveLength(databases.length);
    if (databases.length === 0) return;
    const built = buildApp([{ name: 'imported.yaml', text: yaml }]);
    expect([...built.problems, ...built.warnings]).toEqual([]);
    const kinds = built.app.charts.flatMap((chart) => (chart.toJson() as { kind: string }[]).map(({ kind }) => kind));
    expect(kinds).toEqual(expect.arrayContaining(['StatefulSet', 'Service', 'PodDisruptionBudget']));
  },
);

test('makes the same manifests of old documents and of what they are imported as', () => {
  const old = readFixtures('full').map(({ file, documents }) => textOf(file, documents));
  for (const file of old) {
    const direct = buildApp([file]).app.synthYaml();
    expect(direct).not.toBe('');
    expect(buildApp([{ name: 'imported.yaml', text: importFiles([file]).yaml }]).app.synthYaml()).toBe(direct);
  }
});
