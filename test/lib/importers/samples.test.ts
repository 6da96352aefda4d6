import { importers } from '../../../lib/importers';
import { importDocuments } from '../../../lib/importers/import-documents';
import { readSpec } from '../../../lib/spec/read-spec';
import { lines, readFixtures } from './fixtures';

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

test.each(samples)("takes the operator's own $file", ({ file, documents }) => {
  const whole = documents.map((document) => wholeOf(file, document));
  const { specs, problems, warnings } = importDocuments(whole, importers);
  expect(lines(problems)).toEqual([]);
  expect(specs.length + warnings.length).toBeGreaterThan(0);
  const databases = whole.filter((document) => /Cluster$|Instance$/.test((document as { kind: string }).kind));
  expect(specs).toHaveLength(databases.length);
  for (const { kind, metadata, spec } of specs) {
    expect(readSpec(kind, { ...metadata, props: spec })).not.toHaveProperty('problems');
  }
});
