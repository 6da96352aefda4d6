/** The package as users get it: packed, unpacked into a project that `cdk8s init` made, with nothing beside it but what it asks for. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const repository = resolve(__dirname, '../..');
const modules = join(repository, 'node_modules');

interface PackageJson {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as PackageJson;

/** What every project with the package has. */
const required = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

/** What the template of `cdk8s init` installs, as far as a compilation needs it. */
const installedByTemplate = ['cdk8s', 'cdk8s-plus-33', 'constructs', '@types/node', '@types/jest'];

jest.setTimeout(300_000);

let folder: string;
let tarball: string;
let project: string;
let installed: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  run('npm', ['pack', '--silent', '--pack-destination', folder], repository);
  tarball = join(folder, `cdk8s-keyspace-${manifest.version}.tgz`);
  project = initProject();
  installed = install(project, [...installedByTemplate, ...required]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Output of a program that has to succeed. */
function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const options = { cwd, encoding: 'utf8', env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status ?? 'killed'}\n${stdout}\n${stderr}`);
  return stdout;
}

const node = (file: string, args: readonly string[], cwd = project): string =>
  run(process.execPath, [file, ...args], cwd);

/** `cdk8s init typescript-app`, with an npm that installs nothing: tests need no network. */
function initProject(): string {
  const bin = join(folder, 'bin');
  const made = join(folder, 'app');
  mkdirSync(bin);
  mkdirSync(made);
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\n');
  chmodSync(join(bin, 'npm'), 0o755);
  const path = `${bin}:${process.env.PATH ?? ''}`;
  run(process.execPath, [join(modules, 'cdk8s-cli/bin/cdk8s'), 'init', 'typescript-app'], made, { PATH: path });
  return made;
}

/** What `npm install` does: the package with its command, and beside it what it and the project ask for. */
function install(into: string, names: readonly string[]): string {
  const target = join(into, 'node_modules/cdk8s-keyspace');
  mkdirSync(target, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components', '1', '-C', target], folder);
  for (const name of new Set(names)) {
    const link = join(into, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, name), link);
  }
  mkdirSync(join(into, 'node_modules/.bin'));
  for (const [name, file] of Object.entries(manifest.bin)) {
    chmodSync(join(target, file), 0o755);
    symlinkSync(join('../cdk8s-keyspace', file), join(into, 'node_modules/.bin', name));
  }
  return target;
}

/** The compiler that the template asks for; our own is newer. */
const compiler = join(modules, 'jsii/node_modules/typescript/bin/tsc');

const example = readFileSync(join(repository, 'examples/orders.ts'), 'utf8').replace("'../lib'", "'cdk8s-keyspace'");

const tracked = (name: string) => readFileSync(join(repository, 'dist', name), 'utf8');

test('the template has everything that the package does not bring itself', () => {
  for (const name of Object.keys(manifest.peerDependencies)) expect(installedByTemplate).toContain(name);
});

test('an example compiles with the settings of the template, and writes its manifests', () => {
  writeFileSync(join(project, 'orders.ts'), example);
  node(compiler, ['--build']);
  node('orders.js', []);
  expect(readFileSync(join(project, 'dist/orders.k8s.yaml'), 'utf8')).toBe(tracked('orders.k8s.yaml'));
});

test('a project of modules imports it too', () => {
  const names = `Object.keys(keyspace).sort().join()`;
  writeFileSync(join(project, 'names.mjs'), `import * as keyspace from 'cdk8s-keyspace';\nconsole.log(${names});\n`);
  expect(node('names.mjs', [])).toContain('Cluster');
});

describe('in a project that has nothing else', () => {
  const sessions = 'shop/sessions';
  let empty: string;
  const keyspace = (...args: string[]) => run('npx', ['--no-install', 'keyspace', ...args], empty);

  beforeAll(() => {
    empty = join(folder, 'empty');
    mkdirSync(join(empty, 'specs'), { recursive: true });
    writeFileSync(join(empty, 'package.json'), '{ "private": true }\n');
    install(empty, required);
    const app = 'app: node node_modules/cdk8s-keyspace/build/charts/main.js specs/*.yaml';
    writeFileSync(join(empty, 'cdk8s.yaml'), `${app}\noutput: manifests\n`);
    cpSync(join(repository, 'examples/sessions.yaml'), join(empty, 'specs/sessions.yaml'));
  });

  test('the command synthesizes spec files, and says what a change will do', () => {
    expect(keyspace('synth')).toBe('wrote manifests/sessions.k8s.yaml\n');
    expect(readFileSync(join(empty, 'manifests/sessions.k8s.yaml'), 'utf8')).toBe(tracked('sessions.k8s.yaml'));
    cpSync(join(empty, 'manifests'), join(empty, 'before'), { recursive: true });
    expect(keyspace('plan', 'before', 'manifests')).toBe(`nothing changes: ${sessions}\n`);
    const spec = join(empty, 'specs/sessions.yaml');
    writeFileSync(spec, `${readFileSync(spec, 'utf8')}  labels: { team: checkout }\n`);
    keyspace('synth');
    expect(() => keyspace('plan', 'before', 'manifests')).toThrow(sessions);
  });

  test('it imports the documents of an operator, and synthesizes what it made of them', () => {
    const old = join(repository, 'test/lib/importers/samples/hera/cluster.yaml');
    writeFileSync(join(empty, 'specs/catalog.yaml'), keyspace('import', old));
    expect(keyspace('synth')).toContain('wrote manifests/catalog.k8s.yaml\n');
    expect(readFileSync(join(empty, 'manifests/catalog.k8s.yaml'), 'utf8')).toContain('  name: catalog-shard-4\n');
  });

  test('it runs a database on this machine', () => {
    expect(keyspace('local', '--help')).toContain('Usage');
  });
});

test('nothing is published that a user has no use for', () => {
  const files = readdirSync(join(installed, 'build'), { recursive: true, encoding: 'utf8' });
  const types = /^lib\/(index|spec\/(spec-error|props\/[a-z-]+-props)|topologies\/[a-z-]+)\.d\.ts$/;
  expect(files.filter((name) => /\.\w+$/.test(name) && !types.test(name)).sort()).toEqual([
    'LICENSES.txt',
    'agent/keyspace.js',
    'agent/local.js',
    'agent/s3-client.js',
    'charts/cli.js',
    'charts/import.js',
    'charts/main.js',
    'lib/index.js',
  ]);
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) expect(existsSync(join(installed, name))).toBe(true);
});

test('its types ask for nothing that a project does not have', () => {
  const check = ['--noEmit', '--skipLibCheck', 'false', '--types', 'node', '--module', 'node16', '--target', 'es2022'];
  expect(node(compiler, [...check, join(installed, 'build/lib/index.d.ts')])).toBe('');
});

test('the terms of what is bundled are passed on', () => {
  const licenses = readFileSync(join(installed, 'build/LICENSES.txt'), 'utf8');
  for (const name of ['zod', 'yaml', 'commander', 'cdk8s', 'ioredis'])
    expect(licenses).toMatch(new RegExp(`^${name} `, 'm'));
});

test('publint has nothing to say', () => {
  const publint = join(modules, 'publint/src/cli.js');
  expect(node(publint, ['run', tarball, '--strict', '--level', 'suggestion'])).toContain('All good!');
});

test('its types are right for every way to import it', () => {
  const attw = join(modules, '@arethetypeswrong/cli/dist/index.js');
  expect(node(attw, [tarball, '--no-color', '--no-emoji'])).toContain('No problems found');
});
