/** Specs by chance. */
import { inspect } from 'node:util';

import { App, Chart } from 'cdk8s';
import type { Arbitrary } from 'fast-check';
import { stringify } from 'yaml';

import { buildApp } from '../../../charts/app';
import { Cluster, MultiMaster, Replication, Sentinel, SpecError, Standalone } from '../../../lib';
import { schemas, type Kind } from '../../../lib/spec/kinds';
import { fc, runs, seed } from '../../chance';
import { manifestProblems, type KubernetesObject } from './manifest-problems';
import { mutate, mutations } from './mutations';
import { pathsOf, pathsOfSchema, specsOf, type WrittenSpec } from './specs';

jest.setTimeout(600_000);

const numRuns = runs(40);

const kinds = Object.keys(schemas) as Kind[];
const specs = Object.fromEntries(kinds.map((kind) => [kind, specsOf(kind)])) as Record<Kind, Arbitrary<WrittenSpec>>;

const documentOf = ({ kind, name, namespace, props }: WrittenSpec) => ({
  kind,
  metadata: { name, namespace },
  spec: props,
});

const told = (document: unknown, wrong: readonly string[]): string =>
  [...wrong, inspect(document, { depth: null })].join('\n');

/** A message without a place, told twice, or about the program rather than the document. */
const isOdd = (message: string, index: number, all: readonly string[]): boolean =>
  !/^\[.*\] \S.*: |^not YAML: |^no document/s.test(message) ||
  /undefined|\[object|NaN|Infinity/.test(message) ||
  all.indexOf(message) < index;

/** The objects of a document and what is wrong with it, by the way that a file takes. */
function synthesize(document: unknown): { readonly objects: KubernetesObject[]; readonly messages: string[] } {
  const { app, problems } = buildApp([{ name: 'spec.yaml', text: stringify(document) }]);
  const objects = app.charts.flatMap((chart) => chart.toJson() as KubernetesObject[]);
  return { objects, messages: problems.map(({ message }) => message) };
}

/** What a user said is theirs. */
const userLabels = ({ props }: WrittenSpec): string[] => Object.keys((props.labels as object | undefined) ?? {});

/** Fields that some spec had. */
const seen = new Set<string>();

describe.each(kinds)('a spec of the kind %s', (kind) => {
  const mine = seed + kinds.indexOf(kind);

  test('that is right gives objects that Kubernetes takes', () => {
    fc.assert(
      fc.property(specs[kind], (written) => {
        const { objects, messages } = synthesize(documentOf(written));
        const wrong = [...messages, ...manifestProblems(objects, userLabels(written))];
        if (wrong.length > 0) throw new Error(told(written, wrong));
        pathsOf(written.props).forEach((path) => seen.add(path));
      }),
      { seed: mine, numRuns },
    );
  });

  test('that was changed somewhere gives objects that Kubernetes takes, or lines that say what and where', () => {
    fc.assert(
      fc.property(specs[kind], mutations, (written, changes) => {
        const document = mutate(documentOf(written), changes);
        const { objects, messages } = synthesize(document);
        const odd = messages.filter(isOdd);
        const wrong = messages.length > 0 ? odd : manifestProblems(objects, []);
        if (wrong.length > 0) throw new Error(told(document, wrong));
      }),
      { seed: mine, numRuns: numRuns * 2 },
    );
  });

  test('as props that were changed somewhere makes a construct, or a SpecError with paths', () => {
    fc.assert(
      fc.property(specs[kind], mutations, ({ name, props }, changes) => {
        const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
        const changed = mutate(props, changes);
        try {
          construct(kind, chart, name, changed);
          const wrong = manifestProblems(chart.toJson() as KubernetesObject[], []);
          if (wrong.length > 0) throw new Error(told(changed, wrong));
        } catch (error) {
          if (!(error instanceof SpecError) || error.problems.length === 0) throw error;
        }
      }),
      { seed: mine, numRuns: numRuns * 2 },
    );
  });
});

test('there was every field of every kind', () => {
  const all = new Set(kinds.flatMap((kind) => pathsOfSchema(schemas[kind])));
  expect([...all].filter((path) => !seen.has(path))).toEqual([]);
});

function construct(kind: Kind, chart: Chart, name: string, props: unknown): void {
  const constructs = { Standalone, Replication, Sentinel, Cluster, MultiMaster };
  new (constructs[kind] as new (scope: Chart, id: string, props: unknown) => unknown)(chart, name, props);
}
