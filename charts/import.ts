import { stringify } from 'yaml';

import { importers } from '../lib/importers';
import { importDocuments, type ImportOptions } from '../lib/importers/import-documents';
import { isForeign, type Note } from '../lib/importers/open';
import { describeProblem } from '../lib/spec/spec-error';
import { readDocuments, type FileProblem, type SpecDocument, type SpecFile } from './documents';

/** What was made of files with documents of operators. */
export interface ImportedFiles {
  /** The specs as YAML, one document each; empty where there are none. */
  readonly yaml: string;
  readonly warnings: readonly FileProblem[];
  /** Why some documents cannot be taken. */
  readonly problems: readonly FileProblem[];
}

/** Turns the operators' documents in some files into specs. Those that belong together may be in different files. */
export function importFiles(files: readonly SpecFile[], options: ImportOptions = {}): ImportedFiles {
  const read = files.map(readDocuments);
  const { specs, warnings, problems } = importSpecs(
    read.flatMap(({ documents }) => documents),
    options,
  );
  return {
    yaml: specs.map(({ value }) => writeYaml(value as object)).join('---\n'),
    warnings,
    problems: [...read.flatMap((file) => file.problems), ...problems],
  };
}

/** Documents of specs, made of documents of operators. */
export interface ImportedSpecs {
  readonly specs: readonly SpecDocument[];
  readonly warnings: readonly FileProblem[];
  readonly problems: readonly FileProblem[];
}

/** Turns the operators' documents into those of specs, which stand where the old ones do. */
export function importSpecs(documents: readonly SpecDocument[], options: ImportOptions = {}): ImportedSpecs {
  const values = documents.map(({ value }) => value);
  const { specs, warnings, problems } = importDocuments(values, importers, options);
  const locateAll = (notes: readonly Note[]) => inOrder(notes.map((note) => [note.document, locate(documents, note)]));
  return {
    specs: specs.map(({ document, base, kind, metadata, spec }) => {
      const { file, lineOf } = documents[document]!;
      // Fields of the new document stand nowhere in the old one, which begins with its name.
      return { file, value: { kind, metadata, spec }, lineOf: () => lineOf([...base, 'metadata', 'name']) };
    }),
    warnings: locateAll(warnings),
    problems: locateAll(problems),
  };
}

/** Whether a document is one of an operator, or stands beside some, as Secrets do. */
export const isOperators = ({ value }: SpecDocument): boolean => isForeign(value, importers);

/** As the documents are, and from top to bottom in each. */
const inOrder = (problems: readonly (readonly [document: number, problem: FileProblem])[]): FileProblem[] =>
  [...problems]
    .sort(([one, { line }], [other, { line: otherLine }]) => one - other || line - otherLine)
    .map(([, problem]) => problem);

/** Words that other readers of YAML take for a switch, such as `off`, stand in quotes. */
const writeYaml = (document: object): string =>
  stringify(document, { singleQuote: true, lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });

function locate(documents: readonly SpecDocument[], { document, subject, base, path, message }: Note): FileProblem {
  const { file, lineOf } = documents[document]!;
  return { file, line: lineOf([...base, ...path]), message: `[${subject}] ${describeProblem({ path, message })}` };
}
