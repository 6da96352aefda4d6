/** Where something stands in a document: `['spec', 'tolerations', 0, 'key']`. */
export type Path = readonly (string | number)[];

/** A value that is no block and no list. */
export type Scalar = string | number | boolean;

/** A value and where it stands. */
export interface Leaf<Value = Scalar> {
  readonly path: Path;
  readonly value: Value;
}

/** A block of named fields. */
export type Block = Readonly<Record<string, unknown>>;

/** Whether something is a block of named fields. */
export const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);

/** Every value below, in the order of the document. Nulls, empty blocks and empty lists say nothing. */
export function leavesOf(value: unknown, path: Path = []): Leaf[] {
  if (isScalar(value)) return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  return isBlock(value) ? Object.entries(value).flatMap(([name, below]) => leavesOf(below, [...path, name])) : [];
}

/** What stands at a path of names, undefined where nothing does. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value ?? undefined;
  return isBlock(value) && Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}

const isEmpty = (value: unknown): boolean => isBlock(value) && Object.keys(value).length === 0;

/**
 * Blocks and lists out of their leaves: the opposite of {@link leavesOf}. Of two at one place the later stands. A leaf
 * that is an empty block says no more than that the block is there.
 */
export function buildTree(leaves: readonly Leaf<unknown>[]): unknown {
  const whole = leaves.findLast(({ path, value }) => path.length === 0 && !isEmpty(value));
  if (whole) return whole.value;
  const below = new Map<string | number, Leaf<unknown>[]>();
  for (const { path, value } of leaves) {
    const [step, ...rest] = path;
    if (step === undefined) continue;
    below.set(step, [...(below.get(step) ?? []), { path: rest, value }]);
  }
  const parts = [...below].map(([step, own]) => [step, buildTree(own)] as const);
  const isList = parts.length > 0 && parts.every(([step]) => typeof step === 'number');
  if (!isList) return Object.fromEntries(parts);
  return parts.sort(([a], [b]) => Number(a) - Number(b)).map(([, part]) => part);
}
