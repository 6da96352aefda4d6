import { isBlock, leavesOf, valueAt, type Leaf, type Scalar } from './leaves';
import { flag, wholeNumber } from './values';

/**
 * What an operator assumes of a field that is not there, by path. With `?` the field has a default only where the block
 * before it is there: `spec.tls?.duration`.
 */
export type Defaults = Readonly<Record<string, Scalar>>;

/** A document of an operator, with what the operator itself would have filled in. */
export interface Source {
  /** What somebody wrote. */
  readonly said: readonly Leaf[];
  /** What the operator fills in. */
  readonly assumed: readonly Leaf[];
  /** A value, written or filled in. */
  readonly at: (path: string) => Scalar | undefined;
  /** As {@link Source.at}, as text. */
  readonly text: (path: string) => string | undefined;
  /** As {@link Source.at}, as a whole number. */
  readonly number: (path: string) => number | undefined;
  /** Whether a switch is on. */
  readonly isOn: (path: string) => boolean;
  /** Whether a block was written, an empty one too. */
  readonly has: (path: string) => boolean;
}

/** Reads a document. */
export function readSource(document: unknown, defaults: Defaults = {}): Source {
  const isThere = (path: string) => valueAt(document, path.split('.')) !== undefined;
  const assumed = Object.entries(defaults).flatMap(([pattern, value]): Leaf[] => {
    const [block = ''] = pattern.split('?');
    const path = pattern.replace('?', '');
    const holds = !isThere(path) && (block === pattern || isThere(block));
    return holds ? [{ path: path.split('.'), value }] : [];
  });
  const said = leavesOf(document);
  const values = new Map([...assumed, ...said].map(({ path, value }) => [path.join('.'), value]));
  const at = (path: string) => values.get(path);
  const read = <Value>(path: string, reader: { read: (value: Scalar) => Value | undefined }) => {
    const value = at(path);
    return value === undefined ? undefined : reader.read(value);
  };
  return {
    said,
    assumed,
    at,
    text: (path) => read(path, { read: String }),
    number: (path) => read(path, wholeNumber),
    isOn: (path) => read(path, flag) ?? false,
    has: (path) => isBlock(valueAt(document, path.split('.'))),
  };
}
