import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readSpec, type Spec } from '../../../lib/spec/read-spec';
import { clusterSchema } from '../../../lib/spec/schema/cluster-schema';
import { leastProps } from '../synthesize';

const source = ['database', 'replicated', 'cluster']
  .map((name) => readFileSync(join(__dirname, `../../../lib/spec/props/${name}-props.ts`), 'utf8'))
  .join('');

/** The `@default` of every optional field of `ClusterProps`. */
const documented = new Map(
  [...source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*readonly (\w+)\?:/g)].map((match) => {
    const [, comment = '', field = ''] = match;
    const text = /@default ([^@]*)/
      .exec(comment)?.[1]
      ?.replace(/\s*\n\s*\*?\s*/g, ' ')
      .trim();
    return [field, text] as const;
  }),
);

const defaults = clusterSchema.parse(leastProps);

const fields = Object.keys(clusterSchema.shape) as (keyof typeof clusterSchema.shape)[];
const optional = fields.filter((field) => !['engine', 'tls', 'persistence'].includes(field));

test('every optional field says its default, and every other has to be written', () => {
  expect([...documented.keys()].sort()).toEqual([...optional].sort());
  expect([...documented.values()]).not.toContain(undefined);
});

test.each(optional)('the documented default of %s is the real one', (field) => {
  const text = documented.get(field)!;
  const value = defaults[field];
  if (!text.startsWith('- ')) expect(`${value as string | number}`).toBe(text);
  else if (text === '- none') expect(Object.keys(value ?? {})).toEqual([]);
});

test('the defaults that depend on other fields are as documented', () => {
  const result = readSpec('Cluster', { name: 'orders', namespace: 'shop', props: leastProps }) as {
    spec: Spec<'Cluster'>;
  };
  const { spec } = result;
  expect(documented.get('version')).toBe('- valkey 9.1, redis 8.0, keydb 6.3');
  expect(spec.engine).toEqual({ name: 'valkey', version: '9.1' });
  expect(spec.image).toBe('valkey/valkey:9.1');
  expect(documented.get('resources')).toBe('- requests 100m and 512Mi, limit 512Mi');
  expect(spec.resources).toEqual({ requests: { cpu: '100m', memory: '512Mi' }, limits: { memory: '512Mi' } });
  expect(documented.get('maxMemory')).toMatch(/^- the memory limit less 25 %, at least 32Mi/);
  expect(spec.maxMemoryBytes).toBe(384 * 2 ** 20);
  expect(spec.agent.resources).toEqual({ requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '128Mi' } });
  expect(spec.auth).toEqual({
    secret: { name: 'orders-auth', key: 'password' },
    users: [],
    deniedCommands: [],
    rotation: { overlapSeconds: 86_400 },
  });
});
