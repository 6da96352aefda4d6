import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { engines } from '../../../lib/contract/engines';
import { schemas } from '../../../lib/spec/kinds';
import { synthesize } from '../synthesize';
import { defaultDirectives } from '../../../lib/resources/server-config';

const reference = readFileSync(join(__dirname, '../../../docs/spec.md'), 'utf8');

interface Json {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
}

/** Every field at any depth; `[]` after a list's name. */
function fieldsOf(schema: Json, path = ''): string[] {
  const options = schema.anyOf ?? [schema];
  return options.flatMap((option) =>
    Object.entries(option.properties ?? {}).flatMap(([name, field]) => {
      const here = `${path}${name}${field.items ? '[]' : ''}`;
      return [here, ...fieldsOf(field.items ?? field, `${here}.`)];
    }),
  );
}

/** The part of the reference under a heading, up to the next one. */
const section = (heading: string): string => reference.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';

const rowsOf = (heading: string): string[] =>
  [...section(heading).matchAll(/^\| `([\w.[\]]+)` /gm)].map(([, field]) => field!);

const replicated: readonly string[] = ['Replication', 'Sentinel', 'Cluster'];

test.each(Object.entries(schemas))('the reference has every field of the kind %s, and no other', (kind, schema) => {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  const rows = [
    ...rowsOf('Fields of every kind'),
    ...(replicated.includes(kind) ? rowsOf('Fields of databases with replicas') : []),
    ...rowsOf(`Fields of \`${kind}\``),
  ];
  expect(rows.sort()).toEqual([...new Set(fieldsOf(json))].sort());
});

test('the reference has every version of every engine', () => {
  const { valkey, redis, keydb } = engines;
  expect(reference).toContain(
    `Valkey ${valkey.versions.join(', ')}; Redis ${redis.versions.join(', ')}; KeyDB ${keydb.versions.join(', ')}`,
  );
});

test('the reference has every directive that is set and can be set otherwise', () => {
  const props = {
    engine: { name: 'valkey', version: '8.1' },
    tls: 'off',
    persistence: 'off',
    modules: [],
    maxMemoryBytes: 1,
    maxMemoryPolicy: 'noeviction',
    replicas: 1,
    cluster: { nodeTimeoutMs: 5000 },
    directives: {},
  } as const;
  for (const [name] of defaultDirectives(props)) expect(reference).toContain(`\`${name}`);
});

test('the reference names every object that is made', () => {
  const names = synthesize().map(({ metadata }) => metadata.name);
  for (const name of names.filter((one) => !one.endsWith('shard-2'))) expect(reference).toContain(`\`${name}\``);
});
