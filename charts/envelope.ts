import * as z from 'zod';

import type { SpecProblem } from '../lib';
import { block, oneOf } from '../lib/spec/fields';
import { must, problemsOf } from '../lib/spec/problems';

/** What a document can describe. */
export const kinds = ['Cluster'] as const;

/** What stands around a spec. Name, namespace and the spec itself are checked by the kind. */
export interface Envelope {
  readonly kind: (typeof kinds)[number];
  readonly name: unknown;
  readonly namespace: unknown;
  readonly spec: unknown;
}

const schema = block('a document: { kind, metadata, spec }', {
  kind: oneOf(kinds),
  metadata: block('{ name, namespace }', { name: z.unknown(), namespace: z.unknown() }),
  spec: z.looseObject({}, { error: must('a block of fields') }),
});

/** Takes a document apart, or says what is wrong with its outermost fields. */
export function readEnvelope(document: unknown): { readonly envelope?: Envelope; readonly problems: SpecProblem[] } {
  const parsed = schema.safeParse(document, { reportInput: true });
  if (!parsed.success) return { problems: problemsOf(parsed.error.issues) };
  const { kind, metadata, spec } = parsed.data;
  return { envelope: { kind, ...metadata, spec }, problems: [] };
}
