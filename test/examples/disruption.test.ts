import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const dist = join(__dirname, '../../dist');

type Labels = Readonly<Record<string, string>>;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: Labels };
    readonly template: { readonly metadata: { readonly labels: Labels } };
  };
}

const manifestsOf = (file: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(dist, file), 'utf8')).map((document) => document.toJS() as Manifest);

const selects = ({ spec }: Manifest, labels: Labels): boolean =>
  Object.entries(spec.selector.matchLabels).every(([name, value]) => labels[name] === value);

test.each(readdirSync(dist))(
  'exactly one PodDisruptionBudget selects any pod of %s: with two, none can be evicted',
  (file) => {
    const manifests = manifestsOf(file);
    const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
    const sets = manifests.filter(({ kind }) => kind === 'StatefulSet');
    expect(sets.length).toBeGreaterThan(0);
    for (const { metadata, spec } of sets) {
      const matching = budgets.filter((budget) => selects(budget, spec.template.metadata.labels));
      expect([metadata.name, matching.length]).toEqual([metadata.name, 1]);
    }
  },
);
