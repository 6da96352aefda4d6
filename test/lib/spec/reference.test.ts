import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { engines } from '../../../lib/contract/engines';
import { ofKind, synthesize } from '../synthesize';
import { clusterSchema } from '../../../lib/spec/schema/cluster-schema';
import { defaultDirectives } from '../../../lib/resources/server-config';

const reference = readFileSync(join(__dirname, '../../../docs/spec.md'), 'utf8');

interface Json {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly anyOf?: readonly Json[];
}

/** Every field that holds no further fields, and every one that may be `off`. */
function fieldsOf(schema: Json, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const here = path + name;
    const block = field.properties ? field : field.anyOf?.find((option) => option.properties);
    if (!block) return [here];
    return [...(field.anyOf ? [here] : []), ...fieldsOf(block, `${here}.`)];
  });
}

const rows = [...reference.matchAll(/^\| `([\w.]+)` /gm)].map(([, field]) => field!);

test('the reference has every field of the schema, and no other', () => {
  const schema = z.toJSONSchema(clusterSchema, { io: 'input', unrepresentable: 'any' }) as Json;
  const objectsMade = ofKind(synthesize(), 'Service').map(({ metadata }) => metadata.name);
  expect(rows.filter((row) => !objectsMade.includes(row)).sort()).toEqual(fieldsOf(schema).sort());
});

test('the reference has every version of both engines', () => {
  expect(reference).toContain(
    `Valkey: ${engines.valkey.versions.join(', ')}. Redis: ${engines.redis.versions.join(', ')}`,
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
