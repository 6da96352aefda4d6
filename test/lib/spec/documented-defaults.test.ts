/** What docstrings say after `@default` is what a spec is filled in with, at any depth of every kind. */
import { App, Chart } from 'cdk8s';

import { Standalone } from '../../../lib';
import { schemas, type Kind } from '../../../lib/spec/kinds';
import { readSpec } from '../../../lib/spec/read-spec';
import { sentinelContract } from '../../../lib/topologies/contract';
import { readDeclarations } from '../../../reference/docstrings';
import { fieldsOf, type Field } from '../../../reference/fields';
import { fc } from '../../chance';
import { specsOf } from '../fuzz/specs';

const kinds = Object.keys(schemas) as Kind[];
const declarations = readDeclarations();

type Block = Readonly<Record<string, unknown>>;

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null;

/** What a docstring says in words, and the value that it means where the field is left out. */
const inWords: readonly (readonly [path: RegExp, text: string, value: unknown])[] = [
  // Read together with its version.
  [/^engine$/, 'keydb', { name: 'keydb', version: '6.3' }],
  [/^auth\.rotation$/, '- both work for a day', { overlapSeconds: 86_400 }],
  [/^persistence\.retention$/, '- all are kept', { whenDeleted: 'Retain', whenScaled: 'Retain' }],
  [/^persistence\.appendOnly$/, '- flushed every second', { fsync: 'everysec' }],
  [/^backup\.source$/, '- a replica, and the primary where there is none', 'replica'],
  [/^services\.(client|replica)$/, '- within the Kubernetes cluster', { type: 'ClusterIP', annotations: {} }],
  [/^monitoring\.dashboard\.labels$/, "- `grafana_dashboard: '1'`", { grafana_dashboard: '1' }],
  [/^backup\.schedules\[\]$/, '- when somebody runs `keyspace backup`', []],
];

/** What the field must be where nobody said it; undefined where its default is made from other fields. */
function expected({ path, default: text = '' }: Field): { readonly value: unknown } | undefined {
  const [, , value] = inWords.find(([pattern, words]) => pattern.test(path) && words === text) ?? [];
  if (value !== undefined) return { value };
  return text.startsWith('- ') ? undefined : { value: text };
}

interface Pair {
  readonly written: unknown;
  readonly read: unknown;
}

/** Every block at a path, as it was written and as it was read. */
function blocksAt(steps: readonly string[], { written, read }: Pair): Pair[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [{ written, read }];
  const name = step.replace('[]', '');
  const below = { written: isBlock(written) ? written[name] : undefined, read: isBlock(read) ? read[name] : undefined };
  if (!step.endsWith('[]')) return blocksAt(rest, below);
  const items = Array.isArray(below.read) ? (below.read as unknown[]) : [];
  return items.flatMap((item, index) =>
    blocksAt(rest, { written: (below.written as unknown[] | undefined)?.[index], read: item }),
  );
}

/** The values that a field was filled in with. */
function filledIn({ path }: Field, pair: Pair): unknown[] {
  const steps = path.split('.');
  const name = steps.at(-1)!.replace('[]', '');
  return blocksAt(steps.slice(0, -1), pair).flatMap(({ written, read }) => {
    const left = isBlock(read) && !(isBlock(written) && name in written);
    return left && !otherForm(path, read) ? [read[name]] : [];
  });
}

/** Of two forms of a block one has the field: a restore to a moment names no backup, a Secret has no duration. */
const otherForm = (path: string, block: Block): boolean =>
  (path === 'restore.backup' && 'time' in block) || (path.startsWith('tls.') && 'secret' in block);

const same = (value: unknown, wanted: unknown): boolean =>
  typeof wanted === 'string' && !isBlock(value)
    ? String(value) === wanted
    : JSON.stringify(value) === JSON.stringify(wanted);

test.each(kinds)('every default of the kind %s is the real one', (kind) => {
  const fields = fieldsOf(declarations, kind).filter((field) => field.default !== undefined);
  const checked = new Set<string>();
  const wrong = new Set<string>();
  const check = (props: Block) => {
    const result = readSpec(kind, { name: 'db', namespace: 'shop', props });
    if ('problems' in result) return;
    for (const field of fields) {
      const wanted = expected(field);
      for (const value of filledIn(field, { written: props, read: result.spec })) {
        checked.add(field.path);
        const right = wanted ? same(value, wanted.value) : field.default !== '- none' || isEmpty(value);
        if (!right) wrong.add(`${field.path}: "${field.default}", really ${JSON.stringify(value)}`);
      }
    }
  };
  fc.assert(
    fc.property(specsOf(kind), ({ props }) => check(props)),
    { numRuns: 120 },
  );
  expect([...wrong]).toEqual([]);
  expect(fields.filter((field) => expected(field) && !checked.has(field.path)).map(({ path }) => path)).toEqual([]);
});

const isEmpty = (value: unknown): boolean => value === undefined || Object.keys(value as object).length === 0;

describe('defaults that are made from other fields', () => {
  const textOf = (kind: Kind, path: string) =>
    fieldsOf(declarations, kind).find((field) => field.path === path)?.default;
  const least = { tls: 'off', persistence: { size: '1Gi' } };

  function read<K extends Kind>(kind: K, props: object = {}) {
    const engine = kind === 'MultiMaster' ? {} : { engine: 'valkey' };
    const result = readSpec(kind, { name: 'orders', namespace: 'shop', props: { ...engine, ...least, ...props } });
    if ('problems' in result) throw new Error(JSON.stringify(result.problems));
    return result.spec;
  }

  test('version and image', () => {
    expect(textOf('Cluster', 'version')).toBe('- valkey 9.1, redis 8.0, keydb 6.3');
    expect(read('Cluster').engine).toEqual({ name: 'valkey', version: '9.1' });
    expect(read('Cluster', { engine: 'redis' }).engine).toEqual({ name: 'redis', version: '8.0' });
    expect(read('MultiMaster').engine).toEqual({ name: 'keydb', version: '6.3' });
    expect(read('Cluster').image).toBe('valkey/valkey:9.1');
  });

  test('the password', () => {
    expect(textOf('Cluster', 'auth.secret')).toContain('kept in the Secret `<name>-auth` under `password`');
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    const { passwordSecret } = new Standalone(chart, 'orders', { engine: 'valkey', tls: 'off', persistence: 'off' });
    expect(passwordSecret).toEqual({ name: 'orders-auth', key: 'password' });
  });

  test('amounts', () => {
    expect(textOf('Cluster', 'resources')).toBe('- requests 100m and 512Mi, limit 512Mi');
    expect(read('Cluster').resources).toEqual({
      requests: { cpu: '100m', memory: '512Mi' },
      limits: { memory: '512Mi' },
    });
    expect(textOf('Cluster', 'maxMemory')).toMatch(/^- the memory limit less 25 %, at least 32Mi/);
    expect(read('Cluster').maxMemoryBytes).toBe(384 * 2 ** 20);
    for (const field of ['agent.resources', 'sentinels.resources', 'monitoring.exporter.resources']) {
      expect([field, textOf('Sentinel', field)]).toEqual([field, '- requests 20m and 64Mi, limit 128Mi']);
    }
    expect(read('Sentinel').agent.resources).toEqual({
      requests: { cpu: '20m', memory: '64Mi' },
      limits: { memory: '128Mi' },
    });
  });

  test('Sentinels', () => {
    expect(textOf('Sentinel', 'sentinels')).toBe('- three of them, two of which have to agree');
    const { sentinel } = sentinelContract(read('Sentinel'));
    expect([sentinel?.nodes.length, sentinel?.quorum]).toEqual([3, 2]);
  });

  test.each(kinds)('upgrades of the kind %s', (kind) => {
    expect(textOf(kind, 'upgrade')).toMatch(/five minutes to become healthy$/);
    expect(read(kind)).toMatchObject({ upgrade: { validationTimeoutSeconds: 300, supervised: false } });
  });
});
