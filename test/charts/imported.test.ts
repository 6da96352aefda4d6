/** Documents as users of the operators have them, what they become, and what is said of it: whole files, to be read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildApp } from '../../charts/app';
import { reportProblems, reportWarnings } from '../../charts/documents';
import { importFiles } from '../../charts/import';

const folder = join(__dirname, 'imported');

const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');

test.each(readdirSync(folder))('%s becomes the specs beside it, with the warnings beside it', (name) => {
  const old = readdirSync(join(folder, name)).find((file) => file.startsWith('old.'))!;
  const { yaml, warnings, problems } = importFiles([{ name: old, text: read(name, old) }]);
  expect(reportProblems(problems)).toBe('');
  expect(yaml).toBe(read(name, 'specs.yaml'));
  expect(reportWarnings(warnings)).toEqual(read(name, 'warnings.txt').trimEnd().split('\n'));
  expect(buildApp([{ name: 'specs.yaml', text: yaml }]).problems).toEqual([]);
});
