import { App, Chart } from 'cdk8s';

import {
  Cluster,
  type Database,
  MultiMaster,
  Replication,
  Sentinel,
  Standalone,
  type ClusterProps,
  type MultiMasterProps,
  type ReplicationProps,
  type SentinelProps,
  type SpecProblem,
  type StandaloneProps,
} from '../lib';
import { agentImageContext } from '../lib/resources/agent-image';
import { readSpec } from '../lib/spec/read-spec';
import { describeProblem } from '../lib/spec/spec-error';
import { readDocuments, type FileProblem, type SpecDocument, type SpecFile } from './documents';
import { findDuplicates, whereIs, type MadeChart } from './duplicates';
import { openDocument, type Envelope } from './envelope';
import { notYet } from './not-yet';
import { importOperators } from './operators';

/** Decided for a whole synthesis. */
export interface AppOptions {
  /**
   * The agent's image for every database whose spec names none.
   *
   * @default - the image of this package's version
   */
  readonly agentImage?: string;
}

/** The app of some specs; its problems have to be empty before it may be synthesized. */
export interface BuiltApp {
  readonly app: App;
  readonly problems: readonly FileProblem[];
  /** What became of fields of operators' documents that no spec has. */
  readonly warnings: readonly FileProblem[];
  /** What specs say and the agent does not do. */
  readonly unheeded: readonly FileProblem[];
}

/**
 * A chart for every document of every file, and everything that is wrong with any of them. Documents of the operators
 * that this library replaces are imported.
 */
export function buildApp(files: readonly SpecFile[], { agentImage }: AppOptions = {}): BuiltApp {
  const app = new App();
  if (agentImage !== undefined) app.node.setContext(agentImageContext, agentImage);
  const problems: FileProblem[] = [];
  const unheeded: FileProblem[] = [];
  const made = new Map<string, MadeChart>();
  const read = files.map(readDocuments);
  const imported = importOperators(read.flatMap((file) => file.documents));
  problems.push(...read.flatMap((file) => file.problems), ...imported.problems);
  const idOf = chartIds(imported.documents);
  for (const document of imported.documents) {
    const added = addChart(app, document, idOf(document), made);
    problems.push(...added.problems);
    unheeded.push(...added.unheeded);
  }
  return {
    app,
    problems: [...problems, ...findDuplicates([...made.values()])],
    warnings: imported.warnings,
    unheeded,
  };
}

/**
 * What the chart of a document is called, and its file: as the database, with its namespace in front where another namespace has one of
 * that name.
 */
function chartIds(documents: readonly SpecDocument[]): (document: SpecDocument) => string {
  const namespaces = new Map<string, Set<string>>();
  for (const { value } of documents) {
    const name = nameOf(value);
    namespaces.set(name, (namespaces.get(name) ?? new Set()).add(namespaceOf(value)));
  }
  return ({ value }) => {
    const name = nameOf(value);
    return (namespaces.get(name)?.size ?? 0) > 1 ? `${namespaceOf(value)}.${name}` : name;
  };
}

/** @returns what is wrong with the document, and what to know of it; without problems its chart is in the app */
function addChart(
  app: App,
  document: SpecDocument,
  id: string,
  made: Map<string, MadeChart>,
): Pick<BuiltApp, 'problems' | 'unheeded'> {
  const name = nameOf(document.value);
  const { envelope, problems } = openDocument(document.value);
  const read = envelope && readSpec(envelope.kind, { ...envelope, props: envelope.spec });
  const all = [...problems, ...(read && 'problems' in read ? read.problems.map(inDocument) : [])];
  const place = (found: SpecProblem) => locate(document, found, name);
  if (!read || 'problems' in read || all.length > 0) return { problems: all.map(place), unheeded: [] };
  const other = made.get(id);
  if (other) {
    const message = `"${name}" is taken by ${whereIs(other)}; both would be written to ${id}.k8s.yaml`;
    return { problems: [place({ path: ['metadata', 'name'], message })], unheeded: [] };
  }
  const chart = new Chart(app, id, { namespace: read.spec.namespace });
  addDatabase(chart, name, envelope);
  made.set(id, { chart, document });
  return { problems: [], unheeded: notYet(envelope).map(place) };
}

/** The construct of a document whose spec is known to be sound. */
function addDatabase(chart: Chart, name: string, { kind, spec }: Pick<Envelope, 'kind' | 'spec'>): Database {
  switch (kind) {
    case 'Standalone':
      return new Standalone(chart, name, spec as StandaloneProps);
    case 'Replication':
      return new Replication(chart, name, spec as ReplicationProps);
    case 'Sentinel':
      return new Sentinel(chart, name, spec as SentinelProps);
    case 'Cluster':
      return new Cluster(chart, name, spec as ClusterProps);
    case 'MultiMaster':
      return new MultiMaster(chart, name, spec as MultiMasterProps);
  }
}

const nameOf = (document: unknown): string => textOf(document, 'name') ?? 'no name';

const namespaceOf = (document: unknown): string => textOf(document, 'namespace') ?? '';

function textOf(document: unknown, field: 'name' | 'namespace'): string | undefined {
  const { metadata } = document as { metadata?: { name?: unknown; namespace?: unknown } | null };
  const text = metadata?.[field];
  return typeof text === 'string' ? text : undefined;
}

const inDocument = ({ path, message }: SpecProblem): SpecProblem => ({
  path: path[0] === 'metadata' ? path : ['spec', ...path],
  message,
});

const locate = (document: SpecDocument, problem: SpecProblem, name: string): FileProblem => ({
  file: document.file,
  line: document.lineOf(problem.path),
  message: `[${name}] ${describeProblem(problem)}`,
});
