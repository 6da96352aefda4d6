import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { schemas } from '../../lib/spec/kinds';

const repository = resolve(__dirname, '../..');

jest.setTimeout(60_000);

let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'examples-'));
});

afterEach(() => rmSync(outdir, { recursive: true }));

/** The files that a TypeScript program of the repository writes, by name. */
function run(program: string): Map<string, string> {
  const tsx = join(repository, 'node_modules/tsx/dist/cli.mjs');
  const { status, stderr } = spawnSync(process.execPath, [tsx, program], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: outdir, KEYSPACE_AGENT_IMAGE: undefined },
  });
  const complaints = stderr.split('\n').filter((line) => line !== '' && !line.includes(' does not start nodes of '));
  expect({ status, complaints }).toEqual({ status: 0, complaints: [] });
  return filesOf(outdir);
}

const filesOf = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

const tracked = filesOf(join(repository, 'dist'));

test('the manifests in dist/ are those of the examples as they are now; if not, run "npm run synth"', () => {
  expect(run('charts/main.ts')).toEqual(tracked);
});

const examples = readdirSync(join(repository, 'examples')).filter((name) => name.endsWith('.ts'));

test.each(examples)('%s is the same manifests as its document, byte for byte', (program) => {
  const file = program.replace(/ts$/, 'k8s.yaml');
  expect(run(`examples/${program}`)).toEqual(new Map([[file, tracked.get(file)]]));
});

test('every document is there as code as well, and each topology and engine has one', () => {
  const documents = readdirSync(join(repository, 'examples')).filter((name) => name.endsWith('.yaml'));
  expect(documents.map((name) => name.replace('.yaml', '.ts')).sort()).toEqual([...examples].sort());
  const texts = documents.map((name) => readFileSync(join(repository, 'examples', name), 'utf8')).join('');
  for (const kind of Object.keys(schemas)) expect(texts).toContain(`kind: ${kind}\n`);
  for (const engine of ['valkey', 'redis']) expect(texts).toContain(`engine: ${engine}\n`);
});

test('no password is in any manifest', () => {
  for (const text of tracked.values()) expect(text).not.toMatch(/requirepass|masterauth|stringData/);
});
