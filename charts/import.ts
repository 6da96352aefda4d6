import { stringify } from 'yaml';

import { importers } from '../lib/importers';
import { importDocuments, type ImportOptions } from '../lib/importers/import-documents';
import type { Note } from '../lib/importers/open';
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
  const documents = read.flatMap((file) => file.documents);
  const { specs, warnings, problems } = importDocuments(
    documents.map(({ value }) => value),
    importers,
    options,
  );
  const locate = (note: Note) => locateNote(documents, note);
  return {
    yaml: specs.map(({ kind, metadata, spec }) => writeYaml({ kind, metadata, spec })).join('---\n'),
    warnings: warnings.map(locate),
    problems: [...read.flatMap((file) => file.problems), ...problems.map(locate)],
  };
}

/** Words that other readers of YAML take for a switch, such as `off`, stand in quotes. */
const writeYaml = (document: object): string =>
  stringify(document, { singleQuote: true, lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });

/** Where a note of the importer stands in the files. */
export function locateNote(
  documents: readonly SpecDocument[],
  { document, subject, base, path, message }: Note,
): FileProblem {
  const { file, lineOf } = documents[document]!;
  return { file, line: lineOf([...base, ...path]), message: `[${subject}] ${describeProblem({ path, message })}` };
}
