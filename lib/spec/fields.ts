import * as z from 'zod';

import { fieldNames, must, mustBlock, mustUnseen } from './problems';
import { isOwn } from './labels';
import { parseQuantity, quantityForm } from '../contract/quantity';

/** A block of named fields, and nothing beside them. */
export function block<Shape extends z.core.$ZodLooseShape>(allowed: string, shape: Shape, error = mustBlock(allowed)) {
  const names = fieldNames(Object.keys(shape));
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? names : error(issue)),
  });
}

/** One word out of several. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: must(alternatives(words)) });

/** `"a" or "b"`, `one of "a", "b", "c"` */
export function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return words.length > 2 ? `one of ${quoted.join(', ')}` : quoted.join(' or ');
}

/** `off`, or a block that says how. */
export const offOr = <Block extends z.ZodType>(how: Block, allowed: string, error = must(allowed)) =>
  z.union([z.literal('off'), how], { error });

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most: number, why?: string) {
  const error = must(`a whole number from ${least} to ${most}`, why);
  // One step: a method for each bound would make a schema for each.
  return z.int({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
}

/** Text of a certain form. */
export const matching = (allowed: string, pattern: RegExp, longest: number, error = must(allowed)) => {
  return z.string({ error }).check(z.maxLength(longest, { error }), z.regex(pattern, { error }));
};

/** Text that is not empty and has no control characters. */
export const text = (allowed: string) => matching(allowed, /^[^\p{Cc}]+$/u, 1024);

/** A DNS name of one label or several, as a part of a pattern. */
export const dnsLabels = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';

const objectForm = (what: string): string =>
  `${what}: lower-case letters, digits and "-", a letter or digit at both ends, several such parts with "." between`;

/** Name of a Kubernetes object: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const objectName = (what: string, error = must(objectForm(what))) =>
  matching(objectForm(what), new RegExp(`^${dnsLabels}$`), 253, error);

/** Name of a Secret. */
export const secretName = objectName('the name of a Secret', mustUnseen(objectForm('the name of a Secret')));

const keyForm = 'a key of a Secret: letters, digits, "-", "_" and "."';

/** A key of the data in a Secret. */
export const dataKey = matching(keyForm, /^[-._a-zA-Z0-9]+$/, 253, mustUnseen(keyForm));

/** A DNS label, as namespaces are named. */
export const label = (what: string) =>
  matching(
    `${what}: lower-case letters, digits and "-", a letter or digit at both ends`,
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    63,
  );

/** A DNS label that starts with a letter, as Service names must. Its length is not checked. */
export const serviceName = (what: string) =>
  matching(
    `${what}: lower-case letters, digits and "-", a letter first, no "-" last`,
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    253,
  );

/** A list, told of as `a list of ...`. */
export const listOf = <Item extends z.ZodType>(what: string, item: Item, error = must(`a list of ${what}`)) =>
  z.array(item, { error });

/** `true` or `false`, without quotes. */
export const flag = z.boolean({ error: must('true or false') });

/** A quantity of bytes. Stays the text it is: manifests show what was written. */
export const bytes = quantity(
  'a quantity of bytes like "512Mi" or "10Gi"',
  (value) => !value.endsWith('m') && Number.isInteger(parseQuantity(value)),
);

/** A quantity of processor cores. Stays the text it is. */
export const cores = quantity(
  'an amount of cores, in quotes, like "500m" or "2"',
  (value) => parseQuantity(value) !== undefined,
);

function quantity(allowed: string, isOne: (value: string) => boolean) {
  const error = must(allowed);
  return z.string({ error }).regex(quantityForm, { error }).refine(isOne, { error });
}

const keyOf = (what: string) =>
  matching(
    `${what} like "team" or "example.org/team"`,
    new RegExp(`^(?=[^/]{1,253}(/|$))(${dnsLabels}/)?[A-Za-z0-9]([-\\w.]{0,61}[A-Za-z0-9])?$`),
    317,
  );

const metadataKey = keyOf('a label key');

/** Key of a taint of Kubernetes nodes. */
export const taintKey = keyOf('the key of a taint');

/** A label of Kubernetes nodes. */
export const topologyKey = metadataKey;

const valueOf = (what: string) =>
  matching(
    `${what}: up to 63 letters, digits, "-", "_" and ".", a letter or digit at both ends`,
    /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/,
    63,
  );

/** Value of a label. */
export const labelValue = valueOf('a label value');

/** Value of a taint of Kubernetes nodes. */
export const taintValue = valueOf('the value of a taint');

/** Labels to look for: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
export const selector = z.record(metadataKey, labelValue, { error: mustBlock('a map of labels') });

const freeKey = metadataKey.refine((key) => !isOwn(key), {
  error: 'cannot be set here; the library sets it, choose another key',
});

/** Labels for objects; those of the library itself are not free. */
export const labelMap = z.record(freeKey, labelValue, { error: mustBlock('a map of labels') });

/** Annotations for objects; those of the library itself are not free. */
export const annotationMap = z.record(freeKey, z.string({ error: must('text, in quotes') }), {
  error: mustBlock('a map of annotations'),
});
