import { stringify } from 'yaml';

import { buildApp } from '../../charts/app';
import { importFiles } from '../../charts/import';
import type { SpecDocument } from '../../lib/importers/assemble';
import { readSpec } from '../../lib/spec/read-spec';
import { fc, runs } from '../chance';
import { readFixtures, readYaml } from '../lib/importers/fixtures';

/** A password that stands nowhere else. */
const secret = fc.stringMatching(/^[A-Z]{12,20}$/);

const metadata = (name: string, extra: object = {}) => ({ name, namespace: 'shop', ...extra });

/** Documents with a secret wherever the operators, their users or Kubernetes put one. */
function documentsWith(value: string): unknown[] {
  const encoded = Buffer.from(value).toString('base64');
  const lastApplied = {
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ stringData: { p: value } }) },
  };
  const directives = Object.fromEntries(
    ['requirepass', 'masterauth', 'RequirePass', 'tls-key-file-pass', 'user', 'sentinel', 'port'].map((name) => [
      name,
      value,
    ]),
  );
  return [
    { kind: 'Secret', apiVersion: 'v1', metadata: metadata('a', lastApplied), stringData: { password: value } },
    { kind: 'Secret', apiVersion: 'v1', metadata: metadata('b'), data: { [value]: encoded, password: encoded } },
    {
      kind: 'KeyDBCluster',
      apiVersion: 'keydb.io/v1alpha1',
      metadata: metadata('mesh', lastApplied),
      spec: {
        mode: 'multi-master',
        password: value,
        config: {
          requirePass: { value, password: value },
          customConfig: { ...directives, maxclients: `1\nrequirepass ${value}` },
        },
      },
      status: { password: value },
    },
    {
      kind: 'ValkeyCluster',
      apiVersion: 'valkey-operator.smoketurner.com/v1alpha1',
      metadata: metadata('orders', lastApplied),
      spec: {
        tls: { issuerRef: { name: 'authority' } },
        auth: { secretRef: { name: 'b', password: value } },
        metricsExporter: { enabled: true, extraEnv: { REDIS_PASSWORD: value, REDIS_ADDR: `redis://:${value}@x` } },
      },
    },
    {
      kind: 'RedisCluster',
      apiVersion: 'redis.io/v1',
      metadata: metadata('cache', lastApplied),
      spec: { redis: { ...directives, 'no-such-directive': value }, authSecret: { name: 'a', value } },
    },
  ];
}

const outputOf = (documents: readonly unknown[]): string => {
  const text = documents.map((document) => stringify(document)).join('---\n');
  const files = [{ name: 'old.yaml', text }];
  const { yaml, warnings, problems } = importFiles(files);
  const built = buildApp(files);
  const objects = built.app.charts.map((chart) => JSON.stringify(chart.toJson()));
  const said = [...warnings, ...problems, ...built.warnings, ...built.problems].map(({ message }) => message);
  return [yaml, ...objects, ...said].join('\n');
};

test('no secret of any document is in the output', () => {
  fc.assert(
    fc.property(secret, (value) => {
      const output = outputOf(documentsWith(value));
      expect(output).toContain('requirePass.value');
      expect(output).not.toContain(value);
      expect(output).not.toContain(Buffer.from(value).toString('base64'));
    }),
    { numRuns: 25 },
  );
});

test("no value of a Secret among the operators' own samples is in the output", () => {
  for (const { documents } of readFixtures('samples')) {
    const values = (
      documents as { kind?: string; data?: Record<string, string>; stringData?: Record<string, string> }[]
    )
      .filter(({ kind }) => kind === 'Secret')
      .flatMap(({ data = {}, stringData = {} }) => [...Object.values(data), ...Object.values(stringData)]);
    for (const value of values) expect(outputOf(documents)).not.toContain(value);
  }
});

/** A value that stands where another one should. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    'x',
    0,
    -1,
    3.5,
    2 ** 31,
    1e30,
    [],
    {},
    [[]],
    { x: 1 },
    '10Gi',
    '\u0000',
    '${x}',
    '@every 7m',
  ),
  fc.string({ maxLength: 12 }),
  fc.integer(),
);

function replaceSomewhere(value: unknown, at: number, by: unknown): unknown {
  let left = at;
  const walk = (one: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, below]) => [name, walk(below)]));
  };
  return walk(value);
}

test('whatever stands where, there is a spec that can be read or a line that says why not', () => {
  const files = readFixtures('full');
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(160), anything, ({ documents }, at, by) => {
      const changed = replaceSomewhere(documents, at, by);
      const text = (Array.isArray(changed) ? changed : [changed]).map((document) => stringify(document)).join('---\n');
      const { yaml, warnings, problems } = importFiles([{ name: 'old.yaml', text }]);
      expect(yaml !== '' || warnings.length + problems.length > 0).toBe(true);
      for (const { kind, metadata, spec } of readYaml(yaml) as SpecDocument[]) {
        expect(readSpec(kind, { ...metadata, props: spec })).not.toHaveProperty('problems');
      }
      for (const { line, message } of [...warnings, ...problems]) {
        expect(line).toBeGreaterThan(0);
        expect(message).not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: runs(200) },
  );
});

test('numbers beyond all bounds take no more memory than others', () => {
  const documents = [
    {
      apiVersion: 'keydb.io/v1alpha1',
      kind: 'KeyDBCluster',
      metadata: metadata('mesh'),
      spec: { mode: 'multi-master', replicas: 2 ** 52 },
    },
    {
      apiVersion: 'redis.io/v1',
      kind: 'RedisCluster',
      metadata: metadata('cache', { annotations: { 'redis.io/fencedInstances': '["cache-7"]' } }),
      spec: { mode: 'cluster', shards: 2 ** 52, replicasPerShard: 1, instances: 2 ** 52 },
    },
  ];
  const text = documents.map((one) => stringify(one)).join('---\n');
  const { problems } = importFiles([{ name: 'old.yaml', text }]);
  expect(problems.map(({ message }) => message).join('\n')).toContain('4503599627370496');
});
