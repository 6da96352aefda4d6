/** What is generated from docstrings and schemas: the reference, the API, and the JSON Schema for editors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';

import { schemas, type Kind } from '../../lib/spec/kinds';
import { readDeclarations, root } from '../../reference/docstrings';
import { fieldsOf } from '../../reference/fields';
import { referenceFiles } from '../../reference/files';
import { fc } from '../chance';
import { pathsOfSchema, specsOf } from '../lib/fuzz/specs';

const files = referenceFiles();
const kinds = Object.keys(schemas) as Kind[];

test.each([...files])('%s is what docstrings and schemas give; if not, run "npm run reference"', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

test.each(kinds)('the docstrings have every field of the kind %s, and no other', (kind) => {
  const documented = fieldsOf(readDeclarations(), kind).map(({ path }) => path.replaceAll('[]', ''));
  const real = pathsOfSchema(schemas[kind]).map((path) => path.replaceAll('[]', ''));
  expect(documented.sort()).toEqual([...new Set(real)].sort());
});

test('every field says what it is, and every optional one its default', () => {
  const fields = kinds.flatMap((kind) => fieldsOf(readDeclarations(), kind));
  expect(fields.filter(({ text, default: fallback }) => text === '' || fallback === '')).toEqual([]);
});

test('every link of the pages leads to a heading', () => {
  for (const path of ['docs/reference/spec.md', 'docs/reference/api.md']) {
    const text = files.get(path)!;
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, target]) => target);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((target) => !headings.includes(target!))).toEqual([]);
  }
});

const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(
  JSON.parse(files.get('schema.json')!) as object,
);

/** What another validator finds wrong with a document. */
const wrongWith = (document: unknown): string[] =>
  validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

describe('schema.json', () => {
  const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yaml'));

  test.each(examples)('accepts %s, which names it for editors', (name) => {
    const text = readFileSync(join(root, 'examples', name), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\.json\n/);
    for (const document of parseAllDocuments(text)) expect(wrongWith(document.toJS())).toEqual([]);
  });

  test.each(kinds)('accepts every spec of the kind %s that is right', (kind) => {
    fc.assert(
      fc.property(specsOf(kind), ({ name, namespace, props }) => {
        expect(wrongWith({ kind, metadata: { name, namespace }, spec: props })).toEqual([]);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  const sound = {
    kind: 'Cluster',
    metadata: { name: 'orders', namespace: 'shop' },
    spec: { engine: 'valkey', tls: 'off', persistence: { size: '1Gi' } },
  };
  const changed = (change: object) => ({ ...sound, spec: { ...sound.spec, ...change } });

  test.each([
    ['another kind', { ...sound, kind: 'Database' }],
    ['a field around the spec', { ...sound, status: {} }],
    ['no namespace', { ...sound, metadata: { name: 'orders' } }],
    ['a name that is none', { ...sound, metadata: { name: 'Orders', namespace: 'shop' } }],
    ['no persistence', { ...sound, spec: { engine: 'valkey', tls: 'off' } }],
    ['an unknown field', changed({ shard: 3 })],
    ['a field of another kind', changed({ replicas: 2 })],
    ['an unknown field deep inside', changed({ auth: { users: [{ name: 'a', secret: { name: 's', kee: 'k' } }] } })],
    ['too few shards', changed({ shards: 2 })],
    ['text for a number', changed({ shards: '3' })],
    ['a number for text', changed({ version: 8.1 })],
    ['a word that is none of those', changed({ maxMemoryPolicy: 'lru' })],
    ['a quantity in a unit that is none', changed({ persistence: { size: '10GB' } })],
    ['two of what there is one of', changed({ tls: { secret: { name: 'a' }, issuer: { name: 'b' } } })],
    ['a switch for a directive', changed({ directives: { activedefrag: true } })],
    ['a taken name', changed({ auth: { users: [{ name: 'default', secret: { name: 's' } }] } })],
    ['an image without a tag', changed({ image: 'registry.example/a b' })],
  ])('refuses %s', (_name, document) => {
    expect(wrongWith(sound)).toEqual([]);
    expect(wrongWith(document)).not.toEqual([]);
  });
});
