import { schemas } from '../spec/kinds';
import type { Companion } from './companions';
import type { Importer } from './importer';
import { isBlock, valueAt, type Path } from './leaves';

/** Something to be said about a document. */
export interface Note {
  /** Which of the documents given, from 0. */
  readonly document: number;
  /** Name of the object. */
  readonly subject: string;
  /** Where in the object. */
  readonly path: Path;
  /** Where the object is in the document: `['items', 3]` in a list. */
  readonly base: Path;
  readonly message: string;
}

/** An object that was found in a document. */
export interface Opened {
  readonly document: number;
  readonly base: Path;
  readonly value: unknown;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** An object that an importer reads. */
export interface Matched extends Opened {
  readonly importer: Importer;
}

/** Every object of the documents, by what is done with it. */
export interface Sorted {
  readonly matched: readonly Matched[];
  readonly companions: readonly (Opened & Companion)[];
  readonly warnings: readonly Note[];
  readonly problems: readonly Note[];
}

/** Whether a document is for an importer, or for something that stands beside what is: not a spec of this library. */
export const isForeign = (document: unknown, importers: readonly Importer[]): boolean =>
  objectsOf(document, [], { document: 0, namespace: undefined }).some(
    ({ base, group, kind }) =>
      base.length > 0 ||
      importers.some((importer) => importer.group === group && importer.kind === kind) ||
      surroundings.includes(kind),
  );

/** Kinds that a database needs around it, and that stay as they are. */
const surroundings = [
  'Secret',
  'ExternalSecret',
  'SealedSecret',
  'Certificate',
  'Issuer',
  'ClusterIssuer',
  'Namespace',
  'ServiceAccount',
  'ConfigMap',
];

/** Sorts the objects of all documents; lists are opened. */
export function sortObjects(
  documents: readonly unknown[],
  importers: readonly Importer[],
  namespace: string | undefined,
): Sorted {
  const opened = documents.flatMap((value, document) => objectsOf(value, [], { document, namespace }));
  const matched: Matched[] = [];
  const companions: (Opened & Companion)[] = [];
  const warnings: Note[] = [];
  const problems: Note[] = [];
  for (const object of opened) {
    const importer = importers.find(({ group, kind }) => group === object.group && kind === object.kind);
    if (importer) {
      const found = identityProblem(object);
      if (found) problems.push(found);
      else matched.push({ ...object, importer });
      warnings.push(...versionWarning(object, importer), ...namespaceWarning(object, namespace));
    } else if (object.kind === 'Secret' || object.kind === 'Certificate') {
      companions.push({ ...object, kind: object.kind });
    } else if (surroundings.includes(object.kind)) {
      warnings.push(note(object, [], `${object.kind}: stays as it is; go on applying it`));
    } else {
      problems.push(note(object, ['kind'], notKnown(object, importers)));
    }
  }
  return { matched, companions, warnings, problems };
}

/** A note about an object. */
export const note = ({ document, base, name }: Opened, path: Path, message: string): Note => ({
  document,
  base,
  path,
  message,
  subject: name === '' ? 'no name' : name,
});

function objectsOf(
  value: unknown,
  base: Path,
  around: { readonly document: number; readonly namespace: string | undefined },
): Opened[] {
  const items = valueAt(value, ['items']);
  const kind = textAt(value, 'kind');
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item, index) => objectsOf(item, [...base, 'items', index], around));
  }
  const own = textAt(value, 'metadata', 'namespace');
  return [
    {
      document: around.document,
      base,
      value,
      kind,
      group: textAt(value, 'apiVersion').replace(/\/?[^/]*$/, ''),
      version: textAt(value, 'apiVersion').replace(/^.*\//, ''),
      name: textAt(value, 'metadata', 'name'),
      namespace: own === '' ? (around.namespace ?? 'default') : own,
    },
  ];
}

/** Text at a path; a number stands for its digits, anything else for nothing. */
function textAt(value: unknown, ...path: string[]): string {
  const found = valueAt(value, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found).trim() : '';
}

function identityProblem(object: Opened): Note | undefined {
  if (object.name === '') return note(object, ['metadata', 'name'], 'missing, must be the name of the object');
  if (isBlock(valueAt(object.value, ['spec']))) return undefined;
  return note(object, ['spec'], 'missing, must be a block of fields');
}

function namespaceWarning(object: Opened, namespace: string | undefined): Note[] {
  if (namespace !== undefined || textAt(object.value, 'metadata', 'namespace') !== '') return [];
  const message = 'missing, taken as "default"; kubectl would have taken that of its context: say it with --namespace';
  return [note(object, ['metadata', 'namespace'], message)];
}

function versionWarning(object: Opened, { version }: Importer): Note[] {
  if (object.version === version) return [];
  return [note(object, ['apiVersion'], `is a version that is not known; the document is read as one of ${version}`)];
}

function notKnown({ kind, group, value }: Opened, importers: readonly Importer[]): string {
  if (!isBlock(value)) return 'must be an object of Kubernetes: { apiVersion, kind, metadata, spec }';
  if (kind === '') return 'missing, must be the kind of an object; a fragment of one cannot be imported';
  if (group === '' && Object.hasOwn(schemas, kind))
    return `${kind} is a kind of spec already; there is nothing to import`;
  const known = importers.map((one) => `${one.kind} of ${one.group}`).join(', ');
  return `${kind} of ${group === '' ? 'no API group' : group} is not known; there are: ${known}`;
}
