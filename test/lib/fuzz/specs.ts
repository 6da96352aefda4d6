/** Specs of every kind that set every field to everything it may hold. */
import type { Arbitrary } from 'fast-check';
import type * as z from 'zod';

import { schemas, type Kind } from '../../../lib/spec/kinds';
import { readSpec } from '../../../lib/spec/read-spec';
import type { SpecProblem } from '../../../lib/spec/spec-error';
import { fc } from '../../chance';
import { affinities, directives, images, texts, versions } from './samples';

/** A document of a database, as `readSpec` takes it. */
export interface WrittenSpec {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Of a zod schema, as much as is walked here. */
type Definition =
  | { readonly type: 'object'; readonly shape: Readonly<Record<string, z.ZodType>> }
  | { readonly type: 'optional' | 'default' | 'prefault'; readonly innerType: z.ZodType }
  | { readonly type: 'union'; readonly options: readonly z.ZodType[] }
  | { readonly type: 'array'; readonly element: z.ZodType }
  | { readonly type: 'record'; readonly keyType: z.ZodType; readonly valueType: z.ZodType }
  | { readonly type: 'literal'; readonly values: readonly unknown[] }
  | { readonly type: 'enum'; readonly entries: Readonly<Record<string, string>> }
  | { readonly type: 'number' | 'string' | 'boolean' };

const definitionOf = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

/** What may stand at a place, by path, where the schema alone does not say enough. */
const special: readonly (readonly [path: RegExp, arbitrary: Arbitrary<unknown>])[] = [
  [/^version$/, fc.constantFrom(...versions)],
  [/image$/, fc.constantFrom(...images)],
  [/^directives$/, directives],
  [/affinity\.\w+$/i, affinities],
  [/^shards$/, fc.integer({ min: 3, max: 12 })],
];

/** Everything that a field may hold on its own. */
function valuesOf(schema: z.ZodType, path: string, name: string): Arbitrary<unknown> {
  const [, found] = special.find(([pattern]) => pattern.test(path)) ?? [];
  const definition = definitionOf(schema);
  if (found && !['optional', 'default', 'prefault'].includes(definition.type)) return found;
  switch (definition.type) {
    case 'object':
      return fieldsOf(definition.shape, path, name).filter((value) => schema.safeParse(value).success);
    case 'optional':
    case 'default':
    case 'prefault':
      return valuesOf(definition.innerType, path, name);
    case 'union':
      return fc.oneof(...definition.options.map((option) => valuesOf(option, path, name)));
    case 'array':
      return fc.array(valuesOf(definition.element, `${path}[]`, name), { maxLength: 3 });
    case 'record':
      return fc.dictionary(
        valuesOf(definition.keyType, `${path}{}`, name) as Arbitrary<string>,
        valuesOf(definition.valueType, `${path}.*`, name),
        { maxKeys: 3 },
      );
    case 'literal':
      return fc.constantFrom(...definition.values);
    case 'enum':
      return fc.constantFrom(...Object.values(definition.entries));
    case 'boolean':
      return fc.boolean();
    case 'number':
      return numbersOf(schema as z.ZodNumber);
    case 'string':
      return textsOf(schema, path, name);
  }
}

function fieldsOf(shape: Readonly<Record<string, z.ZodType>>, path: string, name: string) {
  const fields = Object.entries(shape).map(([field, schema]) => {
    const value = valuesOf(schema, path === '' ? field : `${path}.${field}`, name);
    if (!schema.safeParse(undefined).success) return [field, value] as const;
    // Of the outermost fields a few at a time, so that not all of them get in each other's way.
    const absent = { arbitrary: fc.constant(undefined), weight: path === '' ? 3 : 1 };
    return [field, fc.oneof(absent, { arbitrary: value, weight: 2 })] as const;
  });
  const whole = fc.record(Object.fromEntries(fields)) as Arbitrary<Record<string, unknown>>;
  return whole.map((value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)));
}

const numbersOf = ({ minValue, maxValue }: z.ZodNumber): Arbitrary<number> => {
  const [min, max] = [minValue ?? 0, maxValue ?? 2 ** 31 - 1];
  return fc.oneof(
    fc.constantFrom(min, max),
    fc.integer({ min, max }),
    fc.integer({ min, max: Math.min(max, min + 9) }),
  );
};

/** Known texts that are allowed here, and any that are by chance. */
function textsOf(schema: z.ZodType, path: string, name: string): Arbitrary<string> {
  const allowed = (text: string) => schema.safeParse(text).success;
  const known = texts(name).filter(allowed);
  if (known.length === 0) throw new Error(`no sample is allowed at ${path}`);
  const odd = fc.string({ unit: 'grapheme', maxLength: 12 });
  return fc
    .tuple(fc.constantFrom(...known), fc.option(odd, { freq: 2 }))
    .map(([usual, text]) => (text !== null && allowed(text) ? text : usual));
}

/** Takes what is wrong away, problem by problem, until nothing is: fields that get in each other's way. */
export function settle(written: WrittenSpec): WrittenSpec {
  let { props } = written;
  for (let round = 0; round < 50; round++) {
    const read = readSpec(written.kind, { ...written, props });
    if (!('problems' in read)) return { ...written, props };
    props = read.problems.reduce((kept, { path }) => withLeast(written.kind, without(kept, path)), props);
  }
  throw new Error(`cannot be settled: ${JSON.stringify(written)}`);
}

/** The value without the field at a path, or without the innermost block around it that is there. */
function without(value: Readonly<Record<string, unknown>>, path: SpecProblem['path']): Record<string, unknown> {
  const copy = structuredClone(value) as Record<string, unknown>;
  const blocks: [Record<string, unknown>, string][] = [];
  let at: unknown = copy;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !(step in at)) break;
    blocks.push([at as Record<string, unknown>, String(step)]);
    at = (at as Record<string, unknown>)[step];
  }
  const [block, field] = blocks.at(-1) ?? [copy, String(path[0])];
  if (Array.isArray(block)) block.splice(Number(field), 1);
  else Reflect.deleteProperty(block, field);
  return copy;
}

const withLeast = (kind: Kind, props: Readonly<Record<string, unknown>>) => ({
  ...(kind === 'MultiMaster' ? {} : { engine: 'valkey' }),
  tls: 'off',
  persistence: { size: '1Gi' },
  ...props,
});

const names = ['db', 'orders', 'a', 'o-1', `long-${'x'.repeat(27)}`];

/** Specs of a kind that are right. */
export const specsOf = (kind: Kind): Arbitrary<WrittenSpec> =>
  fc.oneof(
    ...names.map((name) =>
      valuesOf(schemas[kind], '', name).map((props) =>
        settle({ kind, name, namespace: 'shop', props: props as Record<string, unknown> }),
      ),
    ),
  );

/** Every field that a kind has at any depth: `auth.users[].name`. */
export function pathsOfSchema(schema: z.ZodType, path = ''): string[] {
  const definition = definitionOf(schema);
  if ('innerType' in definition) return pathsOfSchema(definition.innerType, path);
  if ('options' in definition) return definition.options.flatMap((option) => pathsOfSchema(option, path));
  if ('element' in definition) return pathsOfSchema(definition.element, `${path}[]`);
  if (!('shape' in definition)) return [];
  return Object.entries(definition.shape).flatMap(([field, one]) => {
    const below = path === '' ? field : `${path}.${field}`;
    return [below, ...pathsOfSchema(one, below)];
  });
}

/** Every field that a value has at any depth, as {@link pathsOfSchema}. */
export function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, one]) => {
    const below = path === '' ? field : `${path}.${field}`;
    return [below, ...pathsOf(one, below)];
  });
}
