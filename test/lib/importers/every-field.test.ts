import { importers } from '../../../lib/importers';
import { importDocuments, type Imported } from '../../../lib/importers/import-documents';
import { leavesOf, valueAt, type Leaf, type Path, type Scalar } from '../../../lib/importers/leaves';
import { findRule } from '../../../lib/importers/table';
import { readFixtures, schemas, type Described, type Schema } from './fixtures';

/** A leaf of a schema: `spec.tolerations[].key` as `['spec', 'tolerations', 0, 'key']`, any name as `any`. */
function pathsOf(schema: Schema, path: Path = []): Path[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, below]) => pathsOf(below, [...path, name]));
  }
  if (schema.items) return pathsOf(schema.items, [...path, 0]);
  return schema.additionalProperties ? pathsOf(schema.additionalProperties, [...path, 'any']) : [path];
}

const fieldsOf = ({ schema }: Described): Path[] => pathsOf(schema).filter(([first]) => first === 'spec');

const described = schemas();

test.each(described)('knows every field of the schema of $kind of $group', (one) => {
  const importer = importers.find(({ group, kind }) => group === one.group && kind === one.kind)!;
  const fields = fieldsOf(one);
  expect(fields.length).toBeGreaterThan(4);
  expect(fields.filter((path) => !findRule(importer.table, path)).map((path) => path.join('.'))).toEqual([]);
});

test('has a schema for every kind that is imported', () => {
  const names = (all: readonly { group: string; kind: string }[]) =>
    all.map(({ group, kind }) => `${kind} of ${group}`).sort();
  expect(names(described)).toEqual(names(importers));
});

interface Field {
  readonly file: string;
  readonly documents: readonly unknown[];
  /** Which of the documents it is in. */
  readonly index: number;
  readonly kind: string;
  readonly leaf: Leaf;
}

/** Every field of the documents that have every field. */
const written: readonly Field[] = readFixtures('full').flatMap(({ file, documents }) =>
  documents.flatMap((document, index) => {
    const { kind, apiVersion } = document as { kind: string; apiVersion: string };
    const leaves = leavesOf(document).filter(({ path }) => path[0] === 'spec');
    return leaves.map((leaf) => ({ file, documents, index, kind: `${kind} of ${apiVersion.split('/')[0]!}`, leaf }));
  }),
);

/** As the schema has it: places in lists and names in maps do not matter. */
const shapeOf = (path: Path, map: boolean): string =>
  path
    .map((step) => (typeof step === 'number' ? '[]' : step))
    .slice(0, map ? -1 : undefined)
    .join('.');

test.each(described)('is tried with every field of $kind of $group', ({ group, kind, schema }) => {
  const own = written.filter((field) => field.kind === `${kind} of ${group}`).map(({ leaf }) => leaf.path);
  const seen = new Set(own.flatMap((path) => [shapeOf(path, false), shapeOf(path, true)]));
  const missing = fieldsOf({ group, kind, schema })
    // Any of it goes the same way, which the first test shows.
    .filter((path) => path[1] !== 'affinity')
    .map((path) => shapeOf(path, path.at(-1) === 'any'))
    .filter((shape) => !seen.has(shape));
  expect(missing).toEqual([]);
});

/** Another value than this one. */
function otherThan(value: Scalar, words: readonly string[] = []): Scalar {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const other = words.find((word) => word !== value);
  if (other !== undefined) return other;
  return /\d/.test(value) ? value.replace(/\d+/, (digits) => String(Number(digits) + 1)) : `${value}x`;
}

function wordsOf({ kind, leaf }: Field): readonly string[] {
  const schema = described.find((one) => `${one.kind} of ${one.group}` === kind)!.schema;
  const found = leaf.path.reduce<Schema | undefined>((at, step) => {
    if (typeof step === 'number') return at?.items;
    return at?.properties?.[step] ?? at?.additionalProperties;
  }, schema);
  return found?.enum ?? [];
}

function change(value: unknown, [step, ...rest]: Path, leaf: Scalar): unknown {
  if (step === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? change(item, rest, leaf) : item));
  return { ...(value as object), [step]: change(valueAt(value, [String(step)]), rest, leaf) };
}

const namesField = ({ warnings, problems }: Imported, { index, leaf }: Field): boolean =>
  [...warnings, ...problems].some((note) => note.document === index && note.path.join('.') === leaf.path.join('.'));

test.each(written.map((field) => ({ field, at: field.leaf.path.join('.'), ...field })))(
  '$at of $kind ($file) changes the spec, or is named',
  ({ field }) => {
    const { documents, index, leaf } = field;
    const before = importDocuments(documents, importers);
    const changed = change(documents[index], leaf.path, otherThan(leaf.value, wordsOf(field)));
    const after = importDocuments(documents.with(index, changed), importers);
    const differs = JSON.stringify(after.specs) !== JSON.stringify(before.specs);
    const said = namesField(before, field) || namesField(after, field);
    expect({ differs, said }).not.toEqual({ differs: false, said: false });
  },
);

test.each(readFixtures('full'))('makes specs of the documents with every field: $file', ({ documents }) => {
  const { specs, problems } = importDocuments(documents, importers);
  expect(problems).toEqual([]);
  expect(specs.length).toBeGreaterThan(0);
});
