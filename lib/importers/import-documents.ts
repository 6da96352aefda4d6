import { assembleSpec, notesOf, type ImportedSpec, type Placed, type Result } from './assemble';
import { companionsIn, type Companions } from './companions';
import { notImported } from './effect';
import type { DatabaseImporter, Importer, PartImporter, Settled } from './importer';
import { buildTree } from './leaves';
import { note, sortObjects, type Matched, type Note, type Sorted } from './open';
import { readSource, type Source } from './source';
import { applyTable } from './table';

/** What was made of the documents. */
export interface Imported {
  readonly specs: readonly ImportedSpec[];
  /** Fields that are not carried over as they stand, and what to do instead. */
  readonly warnings: readonly Note[];
  /** Why some documents cannot be taken; their databases are not among the specs. */
  readonly problems: readonly Note[];
}

/** How documents are read. */
export interface ImportOptions {
  /**
   * Namespace of objects that name none.
   *
   * @default - `default`, with a warning
   */
  readonly namespace?: string;
}

/** An object and what is known of it. */
interface Read<Kind extends Importer> {
  readonly object: Matched & { readonly importer: Kind };
  readonly source: Source;
  readonly beside: Companions;
}

/**
 * Turns documents of the operators that this library replaces into its own specs.
 *
 * @param documents parsed YAML documents, those of one database in any order
 */
export function importDocuments(
  documents: readonly unknown[],
  importers: readonly Importer[],
  { namespace }: ImportOptions = {},
): Imported {
  const sorted = sortObjects(documents, importers, namespace);
  const read = sorted.matched.map((object) => ({
    object,
    source: readSource(object.value, object.importer.defaults),
    beside: companionsIn(object.namespace, sorted.companions),
  }));
  const databases = read.filter((one): one is Read<DatabaseImporter> => one.object.importer.role === 'database');
  const parts = read.filter((one): one is Read<PartImporter> => one.object.importer.role === 'part');
  const made = databases.map((database, index) => {
    const earlier = databases.slice(0, index).find((other) => isSame(other.object, database.object));
    return earlier ? taken(database, earlier) : importDatabase(database, parts);
  });
  const alone = parts.filter((part) => !databases.some((database) => belongsTo(part, database)));
  const results = [...made, ...alone.map(importAlone)];
  return {
    specs: results.flatMap(({ spec }) => spec ?? []),
    warnings: [...sorted.warnings, ...results.flatMap(({ warnings }) => warnings), ...companionNotes(sorted)],
    problems: [...sorted.problems, ...results.flatMap(({ problems }) => problems)],
  };
}

const isSame = (one: Matched, other: Matched): boolean => one.name === other.name && one.namespace === other.namespace;

function taken({ object }: Read<DatabaseImporter>, { object: earlier }: Read<DatabaseImporter>): Result {
  const message = `is taken by ${earlier.kind} ${earlier.name} of ${earlier.group}; two databases need two names`;
  return { warnings: [], problems: [note(object, ['metadata', 'name'], message)] };
}

function ownerOf({ object, source }: Read<PartImporter>): {
  readonly name: string | undefined;
  readonly namespace: string;
} {
  const owner = object.importer.of(source);
  return { name: owner.name, namespace: owner.namespace ?? object.namespace };
}

function belongsTo(part: Read<PartImporter>, { object }: Read<DatabaseImporter>): boolean {
  const owner = ownerOf(part);
  return owner.name === object.name && owner.namespace === object.namespace && part.object.group === object.group;
}

function importDatabase(database: Read<DatabaseImporter>, parts: readonly Read<PartImporter>[]): Result {
  const own = parts.filter((part) => belongsTo(part, database));
  const { object, source, beside } = database;
  const { name, namespace, importer } = object;
  const placed = [
    ...place(database, importer.settle({ source, name, namespace, beside })),
    ...own.flatMap((part) => placePart(part, database, own)),
  ];
  return assembleSpec(object, importer.becomes(source), placed);
}

/** What a part does, among all parts of the database. */
function placePart(
  part: Read<PartImporter>,
  database: Read<DatabaseImporter> | undefined,
  all: readonly Read<PartImporter>[],
): Placed[] {
  const { object, source, beside } = part;
  const { name, namespace, importer } = object;
  if (isSpent(part, all)) return [over(part)];
  const ofKind = all.filter((other) => other.object.importer === importer);
  const others = ofKind.filter((other) => other !== part).map((other) => other.source);
  const own = { source, name, namespace, beside, database: database?.source, others, index: ofKind.indexOf(part) };
  return [...place(part, importer.settle(own)), ...(isOver(part) ? [over(part)] : [])];
}

const isOver = ({ object, source }: Read<PartImporter>): boolean => object.importer.isOver?.(source) ?? false;

/** Whether a part is over and others say more. Schedules leave a part behind for each time. */
const isSpent = (part: Read<PartImporter>, all: readonly Read<PartImporter>[]): boolean =>
  isOver(part) && (part !== all[0] || !all.every(isOver));

const over = ({ object }: Read<PartImporter>): Placed => {
  const effect = notImported('it is over, and is not made again');
  return { object, path: ['status', 'phase'], effect, said: true };
};

/** All that a document does, each with the field that does it. */
function place({ object, source }: Read<Importer>, settled: readonly Settled[]): Placed[] {
  const applied = applyTable(object.importer.table, source, object.kind);
  return [
    ...applied.flatMap(({ leaf: { path }, effects, said }) =>
      effects.map((effect) => ({ object, path, effect, said })),
    ),
    ...settled.map(({ at, effect }) => ({ object, path: at.split('.'), effect, said: true })),
  ];
}

/** A part without its database: nobody but its reader can bring the two together. */
function importAlone(part: Read<PartImporter>): Result {
  const placed = placePart(part, undefined, [part]);
  const owner = ownerOf(part);
  const leaves = placed.flatMap(({ effect }) =>
    effect.kind === 'set' ? [{ path: effect.path, value: effect.value }] : [],
  );
  const fields = leaves.length === 0 ? '' : `; add to its spec: ${JSON.stringify(buildTree(leaves))}`;
  const message = `its database ${owner.namespace}/${owner.name ?? ''} is not among the documents${fields}`;
  return {
    warnings: [note(part.object, part.object.importer.ofAt.split('.'), message), ...notesOf(placed, 'warning')],
    problems: notesOf(placed, 'problem'),
  };
}

/** Secrets and Certificates are named by specs, and are no part of them. */
const companionNotes = ({ companions }: Sorted): Note[] =>
  companions.map((companion) =>
    note(companion, [], `${companion.kind}: stays as it is, under its name; go on applying it`),
  );
