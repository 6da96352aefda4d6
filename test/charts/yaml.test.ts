import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeManifests } from '../../charts/write';
import { toYaml } from '../../charts/yaml';
import { Cluster } from '../../lib';
import { fc } from '../chance';
import { leastProps, synthesize } from '../lib/synthesize';

test('manifests are written as cdk8s writes them', () => {
  const manifests = synthesize({ labels: { team: 'shop' }, directives: { 'slowlog-max-len': 512 } });
  expect(toYaml(manifests)).toBe(Yaml.stringify(...manifests));
});

const awkward = [
  ...[
    '',
    ' ',
    'yes',
    'No',
    'ON',
    'y',
    'null',
    '~',
    'true',
    '1',
    '1e3',
    '0x1f',
    '010',
    '.5',
    '1:30',
    '2026-01-01',
    '=',
    '<<',
  ],
  ...[
    'a: b',
    'a:',
    'a #b',
    '- a',
    '?',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a`',
    '{a}',
    '[a]',
    "it's",
    '"quoted"',
    'ä',
    '\u2028',
  ],
  ...[
    'a\n',
    '\n',
    'a\n\n',
    'a\nb',
    ' a\n',
    'a \nb\n',
    'a\n \nb\n',
    'a\n  b\n\n  c\n',
    '\ta\n',
    'a\tb\n',
    'a\u0000',
    '---\n',
    '# a\n',
  ],
];

/** What begins numbers, times and quotes, and what ends them. */
const signs = fc.stringMatching(/^[019.:+_eExbTZ~=<'"[{*#a nfmh-]{0,6}$/);

const text = fc.oneof(
  fc.constantFrom(...awkward),
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '-', '#', 'é', '1') }),
  signs,
);

const word = fc.stringMatching(/^[a-zA-Z][a-zA-Z./-]{0,5}[a-z]$/);

const { document } = fc.letrec((tie) => ({
  document: fc.dictionary(fc.oneof({ weight: 20, arbitrary: word }, text), tie('value'), { maxKeys: 5 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('document'),
  ),
}));

test('any document is written as cdk8s writes it', () => {
  fc.assert(
    fc.property(fc.array(document, { minLength: 1, maxLength: 3 }), (documents) => {
      const plain = JSON.parse(JSON.stringify(documents)) as unknown[];
      expect(toYaml(plain)).toBe(Yaml.stringify(...(plain as [unknown])));
    }),
    { numRuns: 2000 },
  );
});

test('an app is written as app.synth writes it', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'write-'));
  try {
    const app = new App({ outdir });
    for (const name of ['orders', 'carts']) {
      const chart = new Chart(app, name, { namespace: 'shop' });
      new ApiObject(chart, 'first', { apiVersion: 'v1', kind: 'ConfigMap' });
      new Cluster(chart, name, leastProps);
    }
    const read = () => readdirSync(outdir).map((name) => [name, readFileSync(join(outdir, name), 'utf8')]);
    writeManifests(app);
    const ours = read();
    app.synth();
    expect(ours).toEqual(read());
    expect(ours.map(([name]) => name)).toEqual(['carts.k8s.yaml', 'orders.k8s.yaml']);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
