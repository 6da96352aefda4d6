/** What people, tools and typing mistakes make of a document. */
import type { Arbitrary } from 'fast-check';

import { fc } from '../../chance';

/** What stands where something else should. */
const anything: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, '', ' ', 'x', 'off', 'on', 'yes', '10Gi', '-1', '1e3', '@every 7m', '${x}', '\u0000', '\n'],
    ...[0, -1, 0.5, 1e30, -1e30, 2 ** 31, 2 ** 53, [], {}, [[]], [null], { x: 1 }, { '': '' }, { length: 3 }],
    ...['a'.repeat(300), `1${'0'.repeat(400)}`, '9'.repeat(400) + 'Gi', '__proto__', 'constructor', '\ud800', '💾'],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.anything({
    maxDepth: 2,
    key: fc.string({ maxLength: 5 }),
    values: [fc.string(), fc.integer(), fc.constant(null)],
  }),
);

const names = fc.oneof(
  fc.constantFrom('x', 'name', 'secret', 'Engine', 'engin', 'spec', 'toString', '__proto__', '', 'a.b', '0', 'ü'),
  fc.string({ maxLength: 8 }),
);

/** One change: at the place of this number something goes, becomes another, or gets company. */
type Mutation =
  | { readonly at: number; readonly how: 'delete' }
  | { readonly at: number; readonly how: 'replace'; readonly by: unknown }
  | { readonly at: number; readonly how: 'add'; readonly name: string; readonly by: unknown };

const place = fc.nat(120);

/** Up to three changes of a document. */
export const mutations: Arbitrary<readonly Mutation[]> = fc.array(
  fc.oneof(
    fc.record({ at: place, how: fc.constant('delete' as const) }),
    fc.record({ at: place, how: fc.constant('replace' as const), by: anything }),
    fc.record({ at: place, how: fc.constant('add' as const), name: names, by: anything }),
  ),
  { minLength: 1, maxLength: 3 },
);

interface Place {
  readonly holder: Record<string, unknown>;
  readonly field: string;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((field) => [{ holder, field }, ...placesOf(holder[field])]);
}

/** The document with every change, each at the place of its number, counted round and round. */
export function mutate(document: unknown, changes: readonly Mutation[]): unknown {
  const whole = { document: structuredClone(document) };
  for (const change of changes) {
    const places = placesOf(whole).filter(({ field }) => field !== 'document');
    const { holder, field } = places[change.at % places.length] ?? { holder: whole, field: 'document' };
    apply(holder, field, change);
  }
  return whole.document;
}

function apply(holder: Record<string, unknown>, field: string, change: Mutation): void {
  const block = holder[field];
  if (change.how === 'replace') define(holder, field, change.by);
  else if (change.how === 'add') {
    if (typeof block === 'object' && block !== null) define(block as Record<string, unknown>, change.name, change.by);
  } else if (Array.isArray(holder)) holder.splice(Number(field), 1);
  else Reflect.deleteProperty(holder, field);
}

/** As a parser does it: `__proto__` is a field like any other. */
const define = (holder: Record<string, unknown>, field: string, value: unknown): void => {
  Object.defineProperty(holder, field, { value, enumerable: true, configurable: true, writable: true });
};
