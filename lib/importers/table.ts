import { notImported, problem, set, warning, type Effect } from './effect';
import type { Leaf, Path, Scalar } from './leaves';
import type { Source } from './source';
import { flag, type Reader } from './values';

/** A field of an old document and all that is around it. */
export interface Given {
  readonly value: Scalar;
  readonly path: Path;
  /** What the wildcards of the rule's pattern stand for, in their order. */
  readonly steps: Path;
  readonly source: Source;
}

/** What becomes of a field. */
export type Rule = (given: Given) => readonly Effect[];

/**
 * What becomes of every field of a kind of document, by path. `[]` stands for any place in a list, `*` for any name, and
 * `**` at the end for everything below.
 */
export type Table = Readonly<Record<string, Rule>>;

/** The field has a place in the spec: `scheduling.tolerations[].key`, with the wildcards of its own path. */
export const becomes =
  (target: string, reader: Reader): Rule =>
  ({ value, steps }) => {
    const read = reader.read(value);
    return read === undefined ? [problem(`must be ${reader.allowed}`)] : [set(fillIn(target, steps), read)];
  };

/** The switch of a whole block, of which a spec says "off" instead. */
export const offUnless =
  (target: string): Rule =>
  ({ value }) => {
    const on = flag.read(value);
    if (on === undefined) return [problem(`must be ${flag.allowed}`)];
    return on ? [] : [set(target, 'off')];
  };

/** A field that counts only where a switch beside it is on. */
export const whenOn =
  (toggle: string, rule: Rule): Rule =>
  (given) =>
    given.source.isOn(toggle) ? rule(given) : [notImported(`${toggle} is not true`)];

/** The field is read together with others, by the `settle` of its kind. */
export const settled: Rule = () => [];

/** As {@link settled}, once the field can be read. */
export const checked =
  (reader: Reader): Rule =>
  ({ value }) =>
    reader.read(value) === undefined ? [problem(`must be ${reader.allowed}`)] : [];

/** The field has no place in the spec; `instead` says why, and what to do. */
export const leftOut =
  (instead: string): Rule =>
  () => [notImported(instead)];

/** As {@link leftOut}, unless the field says what happens anyway. */
export const leftOutUnless =
  (usual: Scalar, instead: string): Rule =>
  ({ value }) =>
    isUsual(value, usual) ? [] : [notImported(instead)];

/** A switch may be written as a word that YAML once took for it. */
const isUsual = (value: Scalar, usual: Scalar): boolean =>
  typeof usual === 'boolean' ? flag.read(value) === usual : String(value) === String(usual);

/** The field is written by Kubernetes or its tools and says nothing of what somebody wants. */
export const notInput: Rule = () => [];

/** What became of one field. */
export interface Applied {
  readonly leaf: Leaf;
  readonly effects: readonly Effect[];
  /** Whether somebody wrote it; else the operator assumed it. */
  readonly said: boolean;
}

/** What becomes of every field of a document. A field the table does not know is named in a warning. */
export function applyTable(table: Table, source: Source, kind: string): Applied[] {
  const apply = (leaf: Leaf, said: boolean): Applied => {
    const found = findRule(table, leaf.path);
    const effects = found ? found.rule({ ...leaf, steps: found.steps, source }) : [unknown(table, leaf.path, kind)];
    // Nobody wrote what is assumed: nobody has to be told of it.
    return { leaf, effects: said ? effects : effects.filter((effect) => effect.kind === 'set'), said };
  };
  return [...source.assumed.map((leaf) => apply(leaf, false)), ...source.said.map((leaf) => apply(leaf, true))];
}

/** The rule of a path; one that names a step goes before a wildcard. */
export function findRule(table: Table, path: Path): { readonly rule: Rule; readonly steps: Path } | undefined {
  const found = Object.entries(table).flatMap(([pattern, rule]) => {
    const steps = match(parsePattern(pattern), path);
    return steps ? [{ rule, steps }] : [];
  });
  return found.sort((a, b) => a.steps.length - b.steps.length)[0];
}

/** `a.b[].*` as `['a', 'b', '[]', '*']`. */
const parsePattern = (pattern: string): string[] => pattern.replaceAll('[]', '.[]').split('.');

/** @returns what the wildcards stand for, undefined where the path is another one */
function match(pattern: readonly string[], path: Path): Path | undefined {
  if (pattern.at(-1) === '**') {
    const fixed = pattern.slice(0, -1);
    const steps = match(fixed, path.slice(0, fixed.length));
    return steps && path.length > fixed.length ? [...steps, ...path.slice(fixed.length)] : undefined;
  }
  if (pattern.length !== path.length) return undefined;
  const fits = pattern.every((part, index) => {
    const step = path[index]!;
    return part === '[]' ? typeof step === 'number' : part === '*' ? typeof step === 'string' : part === step;
  });
  return fits ? path.filter((_, index) => ['[]', '*'].includes(pattern[index]!)) : undefined;
}

function fillIn(target: string, steps: Path): Path {
  const left = [...steps];
  return parsePattern(target).flatMap((part): Path => {
    if (part === '**') return left.splice(0);
    return part === '[]' || part === '*' ? left.splice(0, 1) : [part];
  });
}

function unknown(table: Table, path: Path, kind: string): Effect {
  const patterns = Object.keys(table).map(parsePattern);
  const startsWith = (longer: readonly string[], shorter: Path) =>
    longer.length > shorter.length && match(longer.slice(0, shorter.length), shorter) !== undefined;
  if (patterns.some((pattern) => startsWith(pattern, path))) {
    return problem(`must be a block or a list, as ${kind} has it`);
  }
  return warning(
    `not imported; no field of ${kind} that this version knows. If it matters, set it in the spec by hand`,
  );
}
