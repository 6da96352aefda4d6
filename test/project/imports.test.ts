import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from './sources';

jest.setTimeout(60_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imports-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const textsOf = (place: string): Map<string, string> =>
  new Map(
    readdirSync(place)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(join(place, name), 'utf8')]),
  );

test('imports/ is what the definitions in imports/crds give; if not, run "npm run imports"', () => {
  const cdk8s = join(root, 'node_modules/.bin/cdk8s');
  const { status } = spawnSync(cdk8s, ['import', '--no-check-upgrade', '--no-save', '--output', folder], { cwd: root });
  expect(status).toBe(0);
  expect(textsOf(folder)).toEqual(textsOf(join(root, 'imports')));
});
