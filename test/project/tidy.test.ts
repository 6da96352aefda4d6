/** Style as a test: what a reader relies on without being told. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { version } from '../../lib/contract/version';
import { importsOf, readSources, root, undocumentedExports, type Source } from './sources';

const sources = readSources('lib', 'charts', 'sidecar', 'examples', 'reference');

/** What the files of a folder may import, beside what is in the same folder. The longest matching folder counts. */
const mayImport: Readonly<Record<string, readonly RegExp[]>> = {
  'lib/contract': [/^zod$/],
  // A hash is a function of its input like any other.
  lib: [/^lib\//, /^imports\//, /^(zod|cdk8s|cdk8s-plus-28\/lib\/imports\/k8s|constructs|node:crypto)$/],
  charts: [/^lib(\/|$)/, /^(zod|cdk8s|constructs|yaml|commander)$/, /^node:/],
  'charts/bundle': [/^(esbuild|typescript)$/, /^node:/],
  examples: [/^lib(\/|$)/, /^charts\//, /^(cdk8s|constructs|cdk8s-keyspace)$/],
  reference: [/^lib\/(spec|contract)\//, /^(zod|typescript)$/, /^node:/],
  sidecar: [/^sidecar\//, /^lib\/contract\//, /^node:/, /^(zod|ioredis|pino|prom-client|commander|cli-table3)$/],
  'sidecar/backup': [/^sidecar\//, /^lib\/contract\//, /^node:/, /^(zod|@aws-sdk\/(client-s3|lib-storage))$/],
  'sidecar/local': [/^sidecar\//, /^lib\/contract\//, /^node:/, /^(zod|ioredis|commander|yaml|log-update|cli-table3)$/],
};

const folderOf = (path: string): string =>
  Object.keys(mayImport)
    .filter((folder) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0]!;

test('imports point one way: contract, lib, charts, examples; contract, sidecar', () => {
  const wrong = sources.flatMap((source) => {
    const folder = folderOf(source.path);
    const allowed = (name: string) =>
      name.startsWith(`${folder}/`) || mayImport[folder]!.some((rule) => rule.test(name));
    return importsOf(source)
      .filter((name) => !allowed(name))
      .map((name) => `${source.path} imports ${name}`);
  });
  expect(wrong).toEqual([]);
});

test('only what runs on one machine knows the local home, apart from where the edges are chosen', () => {
  const wrong = sources
    .filter(
      ({ path }) => path.startsWith('sidecar/') && !path.startsWith('sidecar/local/') && path !== 'sidecar/wire.ts',
    )
    .filter((source) => importsOf(source).some((name) => name.startsWith('sidecar/local/')));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

const pure = (path: string): boolean =>
  /^sidecar\/(steps\/.*|plan|slots|view(-sets|-own)?|action|health|readiness)\.ts$/.test(path) ||
  path.startsWith('lib/');

test('planning and synthesis know no clock, no randomness, no environment and no module of the platform', () => {
  const banned =
    /\bDate\b|Math\.random|\bset(Timeout|Interval|Immediate)\b|\bprocess\.|\bperformance\.|from 'node:(?!crypto')|random(Bytes|UUID|Int)/;
  const wrong = sources.filter(({ path }) => pure(path)).flatMap((source) => findCode(source, banned));
  expect(wrong).toEqual([]);
});

test('the process is ended in the main files only', () => {
  const mains = new Set([
    'sidecar/main.ts',
    'sidecar/local/main.ts',
    'charts/cli.ts',
    'charts/main.ts',
    'charts/bundle/main.ts',
  ]);
  const wrong = sources.filter(({ path }) => !mains.has(path)).flatMap((source) => findCode(source, /process\.exit\b/));
  expect(wrong).toEqual([]);
});

test('no file is longer than 300 lines', () => {
  const long = [...sources, ...readSources('test')].filter(({ text }) => text.split('\n').length > 300);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test('every export says what it is', () => {
  const bare = sources.flatMap((source) => undocumentedExports(source).map((name) => `${source.path}: ${name}`));
  expect(bare).toEqual([]);
});

test('every file is imported by another or is an entry point', () => {
  const entries =
    /^(lib\/index|charts\/(main|cli|bundle\/main)|reference\/main|sidecar\/(main|local\/main)|examples\/.*)\.ts$/;
  const imported = new Set([...sources, ...readSources('test')].flatMap(importsOf));
  const dead = sources
    .map(({ path }) => path)
    .filter(
      (path) =>
        !entries.test(path) &&
        !imported.has(path.replace(/\.ts$/, '')) &&
        !imported.has(path.replace(/\/index\.ts$/, '')),
    );
  expect(dead).toEqual([]);
});

test('nothing is left to be done later, and no machine or registry is named', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const texts = tracked.filter(
    (path) => /\.(ts|mjs|js|json|md|ya?ml)$|Dockerfile$|^\.ci\//.test(path) && path !== 'test/project/tidy.test.ts',
  );
  const banned =
    /\bTODO\b|\bFIXME\b|\bXXX\b|registry\.npmjs|files\.pythonhosted|"resolved":|(^|[^\w$}"'./-])\/(work|root)\//m;
  const wrong = texts.filter((path) => banned.test(readFileSync(join(root, path), 'utf8')));
  expect(wrong).toEqual([]);
});

/** Lines of code, comments left out, that match. */
function findCode({ path, text }: Source, pattern: RegExp): string[] {
  const lines = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')).split('\n');
  return lines
    .map((line) => line.replace(/\/\/.*$/, ''))
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
}

test('the version of the package is that of manifests and agent', () => {
  const { version: published } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(version).toBe(published);
});
