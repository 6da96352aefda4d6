import * as z from 'zod';

import { hookAnnotation, labels, managedBy } from '../contract/names';

/** A Kubernetes object as it stands in Git. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

const labelled = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.looseObject({ [labels.managedBy]: z.literal(managedBy), [labels.instance]: z.string() }),
    annotations: z.looseObject({ [hookAnnotation]: z.never().optional() }).optional(),
  }),
});

const ours = z.custom<Manifest>((document) => labelled.safeParse(document).success);

const list = z.looseObject({ kind: z.literal('List'), items: z.array(z.unknown()) });

/** The objects of this library among documents of any kind; those inside a `List` too. What is there for a sync only is none. */
export const ownManifests = (documents: readonly unknown[]): Manifest[] =>
  documents.flatMap((document) => {
    const listed = list.safeParse(document);
    if (listed.success) return ownManifests(listed.data.items);
    const parsed = ours.safeParse(document);
    return parsed.success ? [parsed.data] : [];
  });

/** What a reader calls an object: `Service orders-replica`. */
export const titleOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

/** The value below a path of fields; undefined where something on the way is missing. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((block, field) => (block as Readonly<Record<string, unknown>> | null | undefined)?.[field], value);
