/** What people copy from README and docs works: code compiles, specs synthesize. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { buildApp } from '../../charts/app';
import { root } from './sources';

jest.setTimeout(60_000);

interface Block {
  /** `docs/spec.md, 2nd`: which of its page. */
  readonly name: string;
  readonly text: string;
}

/** The signatures in the reference are no code to copy. */
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('reference/'))
    .map((name) => `docs/${name}`),
];

const blocksOf = (language: string): Block[] =>
  pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
      .filter(([, found]) => found === language)
      .map(([, , text], index) => ({ name: `${page}, ${index + 1}`, text: text! })),
  );

const code = blocksOf('ts');

/** Where an example stands that is not a whole program. */
const around = `import { JsonPatch } from 'cdk8s';\nimport type { Cluster } from 'cdk8s-keyspace';\ndeclare const cluster: Cluster;\n`;

test('every example in TypeScript compiles', () => {
  const texts = new Map(
    code.map(({ text }, index) => [join(root, `example-${index}.ts`), /^import /m.test(text) ? text : around + text]),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    paths: { 'cdk8s-keyspace': [join(root, 'lib/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  host.fileExists = (path) => texts.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? ts.sys.readFile(path);
  const program = ts.createProgram([...texts.keys()], options, host);
  const wrong = [...texts.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
  expect(code.length).toBeGreaterThan(2);
  expect(wrong).toEqual([]);
});

/** A field of a spec that is shown alone, in a spec that has nothing else to say. */
const inSpec = (field: string): string =>
  `kind: Cluster\nmetadata: { name: orders, namespace: shop }\nspec:\n  engine: valkey\n  tls: off\n  persistence: { size: 1Gi }\n${field.replace(/^/gm, '  ')}`;

/** Steps of a CI are no specs. */
const specs = blocksOf('yaml').filter(({ text }) => !text.startsWith('- '));

test.each(specs)('the spec in $name synthesizes', ({ name, text }) => {
  const { app, problems } = buildApp([{ name, text: /^kind: /m.test(text) ? text : inSpec(text) }]);
  expect(problems).toEqual([]);
  expect(app.charts.flatMap((chart) => chart.toJson() as unknown[]).length).toBeGreaterThan(5);
});
