/** A field that is not the same on both sides; a side that has no such field is undefined. */
export interface Difference {
  /** Fields on the way, outermost first. An entry of a list is named by its `name`, or else by its number. */
  readonly path: readonly string[];
  readonly old: unknown;
  readonly new: unknown;
}

type Block = Readonly<Record<string, unknown>>;

/** Every field that differs, as deep as both sides have one. Entries of a list that all have names may change places. */
export function differences(old: unknown, now: unknown, path: readonly string[] = []): Difference[] {
  if (old === now) return [];
  const [before, after] = [entriesOf(old), entriesOf(now)];
  if (!before || !after || Array.isArray(old) !== Array.isArray(now)) return [{ path, old, new: now }];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => differences(before[field], after[field], [...path, field]));
}

function entriesOf(value: unknown): Block | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return value as Block;
  const names = value.map((entry: unknown) => nameOf(entry));
  const distinct = new Set(names).size === names.length && !names.includes(undefined);
  return Object.fromEntries(value.map((entry: unknown, index) => [distinct ? names[index]! : `${index}`, entry]));
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { name } = entry as { readonly name?: unknown };
  return typeof name === 'string' ? name : undefined;
}

/** As people write it: `spec.template.spec.tolerations.0.key`. */
export const formatFields = (path: readonly string[]): string => path.join('.');
