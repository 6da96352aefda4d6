import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readProject } from '../../charts/project';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'project-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const configure = (text: string) => writeFileSync(join(folder, 'cdk8s.yaml'), text);

test('reads what to run and where its output goes', () => {
  configure('language: typescript\napp: npx tsx charts/main.ts\nimports: []\n');
  expect(readProject(folder)).toEqual({ app: 'npx tsx charts/main.ts', output: join(folder, 'dist') });
  configure('app: node main.js\noutput: deploy/manifests\n');
  expect(readProject(folder)).toEqual({ app: 'node main.js', output: join(folder, 'deploy/manifests') });
});

test.each(['.', './', '..', '/'])('refuses the output %p, which would remove more than manifests', (output) => {
  configure(`app: node main.js\noutput: ${output}\n`);
  expect(() => readProject(folder)).toThrow(`cdk8s.yaml: output must be a folder of its own, got "${output}"`);
});

test.each(['synthConfig: { format: helm }', 'validations: [{ package: checks }]'])(
  'refuses %p instead of passing over it',
  (line) => {
    configure(`app: node main.js\n${line}\n`);
    expect(() => readProject(folder)).toThrow(
      'cdk8s.yaml asks for validations or a format other than plain, which only `cdk8s synth` knows; use that',
    );
  },
);

test('refuses a project without an app, and a folder without a project', () => {
  expect(() => readProject(folder)).toThrow(`no cdk8s.yaml in ${folder}; run this where your cdk8s app is`);
  configure('language: typescript\n');
  expect(() => readProject(folder)).toThrow(/^cdk8s\.yaml is not understood: app: /);
});
