import { schemas, type Kind } from '../spec/kinds';
import { readSpec } from '../spec/read-spec';
import { describeProblem, type SpecProblem } from '../spec/spec-error';
import { notImported, type Effect } from './effect';
import { buildTree, isBlock, type Block, type Path } from './leaves';
import { fitMemory } from './memory-room';
import { note, type Matched, type Note } from './open';
import { isOverruled } from './overruled';

/** An effect, and the field of an old document that has it. */
export interface Placed {
  readonly object: Matched;
  readonly path: Path;
  readonly effect: Effect;
  /** Whether somebody wrote the field; else the operator assumed it. */
  readonly said: boolean;
}

type PlacedSet = Placed & { readonly effect: Extract<Effect, { kind: 'set' }> };

/** A spec of this library, as YAML holds it. */
export interface SpecDocument {
  readonly kind: Kind;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Block;
}

/** A spec and the document it was made of. */
export interface ImportedSpec extends SpecDocument {
  /** Which of the documents given, from 0. */
  readonly document: number;
  /** Where the object is in that document. */
  readonly base: Path;
}

/** What was made of one object. */
export interface Result {
  readonly spec?: ImportedSpec;
  readonly warnings: readonly Note[];
  readonly problems: readonly Note[];
}

/** Puts the spec of a database together, and proves it. */
export function assembleSpec(object: Matched, kind: Kind, placed: readonly Placed[]): Result {
  const { sets, dropped } = agree(placed.filter(isSet));
  const memory = fitMemory(specOf(kind, sets)).map((effect): Placed => ({
    object,
    path: ['spec', 'resources'],
    effect,
    said: true,
  }));
  const proven = prove(object, kind, [...sets, ...memory.filter(isSet)]);
  const said = [...placed, ...dropped, ...memory, ...proven.dropped];
  const own = notesOf(said, 'problem');
  // What a field does not say cannot be proven either: of the rest only the name is.
  const problems = own.length === 0 ? proven.problems : [...own, ...proven.problems.filter(isAboutName)];
  const warnings = notesOf(said, 'warning');
  if (problems.length > 0) return { warnings, problems };
  const { document, base, name, namespace } = object;
  return { spec: { kind, metadata: { name, namespace }, spec: proven.spec, document, base }, warnings, problems };
}

/** What effects of one sort say. */
export const notesOf = (placed: readonly Placed[], kind: 'warning' | 'problem'): Note[] =>
  placed.flatMap(({ object, path, effect }) => (effect.kind === kind ? [note(object, path, effect.message)] : []));

const isAboutName = ({ path }: Note): boolean => path[0] === 'metadata';

const isSet = (placed: Placed): placed is PlacedSet => placed.effect.kind === 'set';

const isPart = ({ object }: Placed): boolean => object.importer.role === 'part';

const startsWith = (path: Path, start: Path): boolean => start.every((step, index) => path[index] === step);

const isSame = (one: Path, other: Path): boolean => one.length === other.length && startsWith(one, other);

/** Sets that do not contradict each other, and what is said of the others. */
function agree(sets: readonly PlacedSet[]): {
  readonly sets: readonly PlacedSet[];
  readonly dropped: readonly Placed[];
} {
  const dropped: Placed[] = [];
  const kept = sets.filter((one, index) => {
    const why = isUnderOff(one, sets) ?? isTaken(one, sets.slice(0, index));
    if (why !== undefined && one.said) dropped.push({ ...one, effect: notImported(why) });
    return why === undefined && !isOverruled(one, sets);
  });
  return { sets: kept, dropped };
}

/** A field of something that is off. */
function isUnderOff({ effect }: PlacedSet, sets: readonly PlacedSet[]): string | undefined {
  const off = sets.find(
    (other) =>
      other.effect.value === 'off' &&
      other.effect.path.length < effect.path.length &&
      startsWith(effect.path, other.effect.path),
  );
  return off && `${off.effect.path.join('.')} is "off"`;
}

/** Two documents that belong to one database, and want two things of it. */
function isTaken(one: PlacedSet, earlier: readonly PlacedSet[]): string | undefined {
  const other = earlier.find(
    (set) =>
      isPart(set) &&
      isPart(one) &&
      set.object !== one.object &&
      isSame(set.effect.path, one.effect.path) &&
      set.effect.value !== one.effect.value,
  );
  return (
    other &&
    `${other.object.kind} ${other.object.name} says otherwise, and a database has one ${one.effect.path.join('.')}`
  );
}

/** The fields of a kind, in the order of its documentation. */
function specOf(kind: Kind, sets: readonly PlacedSet[]): Block {
  const tree = buildTree(sets.map(({ effect }) => effect));
  const fields = isBlock(tree) ? tree : {};
  const order = Object.keys(schemas[kind].shape);
  const place = (field: string) => (order.includes(field) ? order.indexOf(field) : order.length);
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => place(a) - place(b)));
}

interface Proven {
  readonly spec: Block;
  readonly dropped: readonly Placed[];
  readonly problems: readonly Note[];
}

/** Reads the spec as a synthesis does. What the kind has no field for, or the engine no directive, is left out. */
function prove(object: Matched, kind: Kind, sets: readonly PlacedSet[]): Proven {
  const spec = specOf(kind, sets);
  const read = readSpec(kind, { name: object.name, namespace: object.namespace, props: spec });
  if (!('problems' in read)) return { spec, dropped: [], problems: [] };
  const found = read.problems.map((problem) => ({ problem, from: originOf(problem, sets) }));
  const droppable = found.filter(({ problem, from }) => from.length > 0 && mayDrop(problem));
  if (droppable.length === 0) {
    return { spec, dropped: [], problems: found.map(({ problem, from }) => locate(object, problem, from[0])) };
  }
  const left = droppable.flatMap(({ problem, from }) =>
    from.filter(({ said }) => said).map((one) => ({ ...one, effect: notImported(reasonOf(problem, kind)) })),
  );
  const gone = new Set(droppable.flatMap(({ from }) => from));
  const rest = prove(
    object,
    kind,
    sets.filter((one) => !gone.has(one)),
  );
  return { ...rest, dropped: [...left, ...rest.dropped] };
}

const isUnknown = ({ message }: SpecProblem): boolean => message.startsWith('unknown field');

const mayDrop = (problem: SpecProblem): boolean => isUnknown(problem) || problem.path[0] === 'directives';

/** No value is said: that of a directive may be a secret. */
const reasonOf = (problem: SpecProblem, kind: Kind): string =>
  isUnknown(problem) ? `${kind} has no field ${problem.path.join('.')}` : problem.message.replace(/, got .*$/s, '');

/** The fields of the old documents that a problem comes from. */
function originOf({ path }: SpecProblem, sets: readonly PlacedSet[]): readonly PlacedSet[] {
  const below = sets.filter(({ effect }) => startsWith(effect.path, path));
  if (below.length > 0) return below;
  const above = sets.filter(({ effect }) => startsWith(path, effect.path));
  return above.slice(-1);
}

function locate(object: Matched, problem: SpecProblem, from: PlacedSet | undefined): Note {
  if (problem.path[0] === 'metadata') return note(object, problem.path, problem.message);
  const message = `the spec would be refused: ${describeProblem(problem)}`;
  return from ? note(from.object, from.path, message) : note(object, ['spec'], message);
}
