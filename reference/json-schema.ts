import * as z from 'zod';

import { label, serviceName } from '../lib/spec/fields';
import { schemas, type Kind } from '../lib/spec/kinds';
import type { Declaration } from './docstrings';
import { fieldsOf } from './fields';

/** A JSON Schema, as far as it is looked at here. */
interface Json {
  description?: string;
  default?: unknown;
  properties?: Record<string, Json>;
  anyOf?: Json[];
  items?: Json;
  $schema?: string;
}

const kinds = Object.keys(schemas) as Kind[];

/**
 * The JSON Schema of a document, for editors: draft 7, which all of them read.
 *
 * What fields have to agree on is in no schema; `keyspace synth` says it.
 */
export function jsonSchema(declarations: ReadonlyMap<string, Declaration>): object {
  const specs = kinds.map((kind) => ({ kind, spec: specOf(kind, declarations) }));
  const { definitions, shared } = shareFields(specs.map(({ spec }) => spec));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A database of cdk8s-keyspace',
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'metadata', 'spec'],
    properties: {
      kind: { description: 'Topology of the database.', enum: kinds },
      metadata: metadataSchema,
      spec: { description: 'What the database is to be.', type: 'object' },
    },
    allOf: kinds.map((kind, index) => ({
      if: { required: ['kind'], properties: { kind: { const: kind } } },
      then: {
        properties: { spec: { description: declarations.get(`${kind}Props`)!.text, ...shared[index] } },
      },
    })),
    definitions,
  };
}

const metadataSchema = {
  description: 'Which database it is.',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'namespace'],
  properties: {
    name: {
      description: 'Name of the database. The name of every object begins with it.',
      ...convert(serviceName('a name')),
    },
    namespace: { description: 'Namespace of the database.', ...convert(label('a namespace')) },
  },
};

function specOf(kind: Kind, declarations: ReadonlyMap<string, Declaration>): Json {
  const texts = new Map(fieldsOf(declarations, kind).map((field) => [field.path, describe(field)] as const));
  const json = convert(schemas[kind]);
  addTexts(json, '', texts);
  return json;
}

function convert(schema: z.ZodType): Json {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-07',
    // Values of directives, of which more is said by their names.
    unrepresentable: ({ zodSchema }) => (zodSchema._zod.def.type === 'custom' ? { type: ['string', 'number'] } : 'any'),
  }) as Json;
  delete json.$schema;
  return json;
}

const describe = ({ text, default: fallback }: { readonly text: string; readonly default?: string }): string =>
  fallback?.startsWith('- ') ? `${text}\n\nDefault: ${fallback.slice(2)}` : text;

function addTexts(schema: Json, path: string, texts: ReadonlyMap<string, string>): void {
  // A default that is a block says less than its description.
  if (typeof schema.default === 'object') delete schema.default;
  for (const option of schema.anyOf ?? []) addTexts(option, path, texts);
  if (schema.items) addTexts(schema.items, path, texts);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const here = `${path}${name}${field.items ? '[]' : ''}`;
    const text = texts.get(here);
    if (text !== undefined) field.description = text;
    addTexts(field, `${here}.`, texts);
  }
}

/** A field that is the same in several kinds is written once. */
function shareFields(specs: readonly Json[]): { definitions: Record<string, Json>; shared: Json[] } {
  const definitions: Record<string, Json> = {};
  const count = (name: string, field: Json): number =>
    specs.filter(({ properties }) => JSON.stringify(properties?.[name]) === JSON.stringify(field)).length;
  const share = (name: string, field: Json): Json => {
    if (count(name, field) < 2) return field;
    definitions[name] ??= field;
    return JSON.stringify(definitions[name]) === JSON.stringify(field)
      ? ({ $ref: `#/definitions/${name}` } as Json)
      : field;
  };
  const shared = specs.map((spec) => ({
    ...spec,
    properties: Object.fromEntries(
      Object.entries(spec.properties ?? {}).map(([name, field]) => [name, share(name, field)]),
    ),
  }));
  return { definitions, shared };
}
