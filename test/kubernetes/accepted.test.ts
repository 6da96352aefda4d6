/**
 * A real API server takes every example, and what every sample of the operators is imported as, without a warning, in a
 * namespace that enforces the Pod Security Standard `restricted`. No pod is started.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { buildApp } from '../../charts/app';
import { readFixtures } from '../lib/importers/fixtures';
import { asFile, readSamples } from '../lib/importers/samples';
import { installDefinitions, type Definitions } from './support/definitions';
import { createNamespace, type Namespace } from './support/namespace';
import { podsOf, type Manifest } from './support/pods-of';
import { readSetting } from './support/setting';

jest.setTimeout(120_000);

/** Longest time for a file of manifests. Milliseconds. */
const boundMs = 60_000;

let definitions: Definitions;
let namespace: Namespace;

beforeAll(async () => {
  readSetting();
  definitions = await installDefinitions();
  namespace = await createNamespace('accepted', 'restricted');
  // No pod is taken before it is there.
  await namespace.kubectl(['wait', '--for=create', 'serviceaccount/default']);
});

afterAll(() => namespace.remove());
afterAll(() => definitions.remove());

const dist = join(__dirname, '../../dist');

interface File {
  readonly file: string;
  readonly text: string;
}

const examples: readonly File[] = readdirSync(dist).map((file) => ({
  file,
  text: readFileSync(join(dist, file), 'utf8'),
}));

/** What samples are imported as. A document of a backup or an upgrade alone makes no database. */
const imported: readonly File[] = [...readSamples(), ...readFixtures('full')]
  .map((sample) => ({ file: sample.file, text: buildApp([asFile(sample)]).app.synthYaml() }))
  .filter(({ text }) => text !== '');

/** Manifests as they are in the namespace of the test. */
const inTest = ({ text }: File): Manifest[] =>
  parseAllDocuments(text.replace(/^( +)namespace: .*$/gm, `$1namespace: ${namespace.name}`)).map(
    (document) => document.toJS() as Manifest,
  );

/** `kubectl`, with manifests; a warning is a failure. */
const send = (verb: readonly string[], manifests: readonly Manifest[]): Promise<string> => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  return namespace.kubectl([...verb, '--warnings-as-errors', '--filename=-'], { input, boundMs });
};

const apply = ['apply', '--server-side', '--validate=strict'];

/** The API server judges and keeps nothing. */
const dryRun = '--dry-run=server';

/** Keeps what is applied from running, and from having volumes made. */
const nothingRuns = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'nothing-runs' },
  spec: { hard: { pods: '0', persistentvolumeclaims: '0' } },
};

/** Pods are judged on their own: of a StatefulSet or a Job whose pods will be refused, Kubernetes only warns. */
async function judge(manifests: readonly Manifest[]): Promise<void> {
  await send([...apply, dryRun], manifests);
  const pods = podsOf(manifests);
  expect(pods.length).toBeGreaterThan(0);
  await send(['create', '--validate=strict', dryRun], pods);
}

test.each(examples)('$file is taken, and its pods may run', (example) => judge(inTest(example)));

test('what every sample of the operators is imported as is taken, and its pods may run', async () => {
  expect(imported.length).toBeGreaterThan(40);
  const manifests = imported.flatMap((file) => inTest(file));
  // Samples have much in common, and shards differ by their numbers; what is the same otherwise is judged once.
  const shape = (manifest: Manifest) => JSON.stringify(manifest).replace(/shard-\d+/g, 'shard');
  await judge([...new Map(manifests.map((manifest) => [shape(manifest), manifest])).values()]);
});

test('applied again, every example changes nothing, and the API server has kept it as it is written', async () => {
  const manifests = examples.flatMap((example) => inTest(example));
  await namespace.create(nothingRuns);
  await send(apply, manifests);
  const kept = JSON.parse(await send(['get', '--output=json'], manifests)) as { items: Manifest[] };
  expect(kept.items).toHaveLength(manifests.length);
  for (const [index, manifest] of manifests.entries()) expect(kept.items[index]).toMatchObject(manifest);
  // Fails where something differs.
  expect(await send(['diff', '--server-side'], manifests)).toBe('');
});
