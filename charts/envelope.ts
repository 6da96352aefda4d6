import * as z from 'zod';

import type { SpecProblem } from '../lib';
import { block, oneOf } from '../lib/spec/fields';
import { schemas, type Kind } from '../lib/spec/kinds';
import { must, problemsOf } from '../lib/spec/problems';

const kind = oneOf(Object.keys(schemas) as [Kind, ...Kind[]]);

/** Name and namespace are checked by the kind. */
const metadata = block('{ name, namespace }', {
  name: z.unknown().optional(),
  namespace: z.unknown().optional(),
});

/** Checked by the kind. */
const spec = z.looseObject({}, { error: must('a block of fields') });

const strict = block('a document: { kind, metadata, spec }', { kind, metadata, spec });

const loose = z.object({ kind, metadata: z.looseObject({}), spec });

/** What stands around a spec, not checked any further. */
export interface Envelope {
  readonly kind: z.output<typeof kind>;
  readonly name: unknown;
  readonly namespace: unknown;
  readonly spec: object;
}

/** The outermost fields of a document. */
export interface OpenedDocument {
  /** What is wrong with those fields. */
  readonly problems: readonly SpecProblem[];
  /** Undefined where a part is missing, or no block. */
  readonly envelope?: Envelope;
}

/** Takes a document apart. A field too many does not keep the rest from being looked at. */
export function openDocument(document: unknown): OpenedDocument {
  const checked = strict.safeParse(document, { reportInput: true, jitless: true });
  const problems = checked.success ? [] : problemsOf(checked.error.issues);
  const parts = loose.safeParse(document, { jitless: true });
  if (!parts.success) return { problems };
  const { metadata: about, ...rest } = parts.data;
  return { problems, envelope: { ...rest, name: about.name, namespace: about.namespace } };
}
