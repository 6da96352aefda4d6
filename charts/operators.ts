import { schemas } from '../lib/spec/kinds';
import type { SpecDocument } from './documents';
import type * as Importing from './import';

/** The specs among some documents, and what was made of those of operators. */
export interface Sorted extends Pick<Importing.ImportedSpecs, 'warnings' | 'problems'> {
  readonly documents: readonly SpecDocument[];
}

/**
 * Imports the documents of the operators that this library replaces. What can do that is a file of its own, read where
 * some document is no plain spec: a synthesis of specs alone starts faster without it.
 */
export function importOperators(documents: readonly SpecDocument[]): Sorted {
  if (documents.every(isSpec)) return { documents, warnings: [], problems: [] };
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- late, and at once: synthesis waits for nothing
  const { importSpecs, isOperators } = require('./import') as typeof Importing;
  const { specs, warnings, problems } = importSpecs(documents.filter(isOperators));
  return { documents: [...documents.filter((one) => !isOperators(one)), ...specs], warnings, problems };
}

/** Objects of Kubernetes have a version of their API, and specs have none. */
function isSpec({ value }: SpecDocument): boolean {
  const { kind, apiVersion } = value as { kind?: unknown; apiVersion?: unknown };
  return typeof kind === 'string' && Object.hasOwn(schemas, kind) && apiVersion === undefined;
}
