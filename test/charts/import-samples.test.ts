import { buildApp } from '../../charts/app';
import { reportProblems } from '../../charts/documents';
import { importFiles } from '../../charts/import';
import { readFixtures, readYaml } from '../lib/importers/fixtures';
import { asFile, readSamples } from '../lib/importers/samples';

const samples = readSamples();

test('there are samples of all five operators', () => {
  expect(new Set(samples.map(({ file }) => file.split('/')[0]))).toEqual(
    new Set(['hera', 'howl', 'opendi', 'redis-example', 'smoketurner']),
  );
});

test.each(samples)("takes the operator's own $file, and makes manifests of it without an edit", (sample) => {
  const { yaml, problems, warnings } = importFiles([asFile(sample)]);
  expect(reportProblems(problems)).toBe('');
  expect(warnings.length).toBeGreaterThan(0);
  const databases = sample.documents.filter((document) =>
    /Cluster$|Instance$/.test((document as { kind: string }).kind),
  );
  expect(readYaml(yaml)).toHaveLength(databases.length);
  if (databases.length === 0) return;
  const built = buildApp([{ name: 'imported.yaml', text: yaml }]);
  expect([...built.problems, ...built.warnings]).toEqual([]);
  const kinds = built.app.charts.flatMap((chart) => (chart.toJson() as { kind: string }[]).map(({ kind }) => kind));
  expect(kinds).toEqual(expect.arrayContaining(['StatefulSet', 'Service', 'PodDisruptionBudget']));
});

test('makes the same manifests of old documents and of what they are imported as', () => {
  for (const file of readFixtures('full').map(asFile)) {
    const direct = buildApp([file]).app.synthYaml();
    expect(direct).not.toBe('');
    expect(buildApp([{ name: 'imported.yaml', text: importFiles([file]).yaml }]).app.synthYaml()).toBe(direct);
  }
});
