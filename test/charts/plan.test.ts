/** The real command on real folders and a real repository. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { buildApp } from '../../charts/app';
import { readManifests } from '../../charts/manifests';

const repository = resolve(__dirname, '../..');

jest.setTimeout(60_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The manifests of a database `orders`. */
function manifests(rest = ''): string {
  const text = `kind: Cluster
metadata: { name: orders, namespace: shop }
spec: { engine: valkey, version: '8.1', auth: off, tls: off, persistence: off${rest} }
`;
  const { app, problems } = buildApp([{ name: 'orders.yaml', text }]);
  expect(problems).toEqual([]);
  return app.synthYaml();
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function keyspacePlan(...args: string[]) {
  const command = [join(repository, 'node_modules/tsx/dist/cli.mjs'), join(repository, 'charts/cli.ts'), 'plan'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
}

test('the exit code tells CI what to do', () => {
  write('old/orders.k8s.yaml', manifests());
  write('live/orders.k8s.yaml', manifests(', nodeTimeoutMs: 9000'));
  write('move/orders.k8s.yaml', manifests(', shards: 4'));
  write('none/empty.yaml', '');
  expect(keyspacePlan('old', 'old')).toEqual({ status: 0, stdout: 'nothing changes: shop/orders\n', stderr: '' });
  expect(keyspacePlan('old', 'live').status).toBe(0);
  expect(keyspacePlan('old', 'move').status).toBe(2);
  expect(keyspacePlan('old', 'none').status).toBe(3);
});

test('writes JSON and Markdown, but not both', () => {
  const old = write('old.yaml', manifests());
  const now = write('new.yaml', manifests(', shards: 4'));
  expect(JSON.parse(keyspacePlan(old, now, '--json').stdout)).toMatchObject({
    exitCode: 2,
    effect: 'move',
    databases: [
      { namespace: 'shop', name: 'orders', effect: 'move', changes: [{ effect: 'move' }, { effect: 'live' }] },
    ],
  });
  expect(keyspacePlan(old, now, '--markdown').stdout).toMatch(/^### Databases: data moves\n/);
  expect(keyspacePlan(old, now, '--markdown', '--json')).toMatchObject({ status: 1, stdout: '' });
});

test('compares folders and files of git revisions', () => {
  git('init', '--initial-branch', 'main');
  write('dist/deep/orders.k8s.yaml', manifests());
  write('dist/notes.txt', ': not YAML [');
  git('add', '.');
  git('commit', '-m', 'one');
  write('dist/deep/orders.k8s.yaml', manifests(', shards: 4, annotations: { note: größer }'));
  git('commit', '-am', 'two');
  write('dist/deep/orders.k8s.yaml', manifests(', shards: 5'));
  expect(keyspacePlan('HEAD~1:dist', 'HEAD:dist').stdout).toContain('3 shards -> 4');
  expect(keyspacePlan('main:dist/deep/orders.k8s.yaml', 'dist').stdout).toContain('4 shards -> 5');
});

test('reads many files of a revision, whatever they hold', () => {
  git('init', '--initial-branch', 'main');
  for (let index = 0; index < 50; index++)
    write(`dist/ä ${index}.yaml`, `text: "${'ü'.repeat(index)}"\n---\nn: ${index}\n`);
  git('add', '.');
  git('commit', '-m', 'one');
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect(readManifests('HEAD:dist')).toEqual(readManifests('dist'));
    expect(readManifests('dist')).toHaveLength(100);
  } finally {
    process.chdir(before);
  }
});

test.each([
  [
    ['nowhere', 'nowhere'],
    'keyspace: "nowhere": no such file or folder, and no git revision with one, as in "main:dist"',
  ],
  [['main:dist', 'main:dist'], 'keyspace: "main:dist": git knows no such revision, or it has no "dist"'],
  [['--', '--upload-pack=x:y', '.'], 'keyspace: "--upload-pack=x:y": no such file or folder'],
  [['.', '.'], 'keyspace: no database on either side'],
  [['.'], "error: missing required argument 'new'"],
])('says what is wrong with %p', (args, message) => {
  const { status, stdout, stderr } = keyspacePlan(...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(message);
});

test('names the file that is no YAML', () => {
  write('old/broken.yaml', 'a: [');
  expect(keyspacePlan('old', 'old').stderr).toMatch(/^keyspace: old\/broken\.yaml: not YAML: /);
});
