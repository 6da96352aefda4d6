import { LineCounter, parseAllDocuments, type Document } from 'yaml';

import type { SpecProblem } from '../lib';

/** A file somebody wrote. */
export interface SpecFile {
  /** As it stands in messages. */
  readonly name: string;
  readonly text: string;
}

/** One YAML document of a file. */
export interface SpecDocument {
  readonly file: string;
  readonly value: unknown;
  /** Line of a field, or of the nearest block around it that is there. */
  readonly lineOf: (path: SpecProblem['path']) => number;
}

/** Something wrong in a file. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** In one way, whatever a file says of itself: `off` is a word, and no value is a date or a list of bytes. */
const reading = {
  schema: 'core',
  resolveKnownTags: false,
  merge: true,
  prettyErrors: false,
  logLevel: 'error',
} as const;

/** Without the text that was found, which may be a password: it follows a colon or a backslash. */
const whatIsWrong = (message: string): string => message.replace(/(: | \\).*$/s, '').replace(/\.?\s*$/, '');

/** The documents of a file that are not empty, or where its text is no YAML. */
export function readDocuments({ name, text }: SpecFile): { documents: SpecDocument[]; problems: FileProblem[] } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { ...reading, lineCounter: lines });
  const documents = 'empty' in parsed ? [] : parsed;
  // What is wrong further down is mostly a consequence.
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error) {
    const hint = /\{\{-? /.test(text) ? '; a template has to be filled in first, with "helm template"' : '';
    const message = `not YAML: ${whatIsWrong(error.message)}${hint}`;
    return { documents: [], problems: [{ file: name, line: lines.linePos(error.pos[0]).line, message }] };
  }
  const read = documents.map((document) => ({ document, ...toPlain(document) }));
  const tangled = read.flatMap(({ document, tangle }) =>
    tangle ? [{ file: name, line: lines.linePos(document.range[0]).line, message: `not YAML: ${tangle}` }] : [],
  );
  if (tangled.length > 0) return { documents: [], problems: tangled };
  const filled = read.filter(({ value }) => value !== null);
  if (filled.length === 0) return { documents: [], problems: [{ file: name, line: 1, message: 'no document in it' }] };
  return {
    documents: filled.map(({ document, value }) => ({
      file: name,
      value,
      lineOf: (path) => lines.linePos(offsetOf(document, path)).line,
    })),
    problems: [],
  };
}

/** The values of a document, or why its aliases (`*name`) lead nowhere, to themselves, or to far too much. */
function toPlain(document: Document.Parsed): { readonly value?: unknown; readonly tangle?: string } {
  try {
    const value: unknown = document.toJS();
    // Throws where a value holds itself.
    JSON.stringify(value);
    return { value };
  } catch {
    return { tangle: 'an alias must name an anchor before it, must not hold itself, and must not multiply' };
  }
}

function offsetOf(document: Document, path: SpecProblem['path']): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] | null } | null | undefined;
    if (node?.range) return node.range[0] ?? 0;
  }
  return 0;
}

/** Every problem on a line of its own, as editors and terminals link to: `FILE:LINE: MESSAGE`. */
export const reportProblems = (problems: readonly FileProblem[]): string =>
  problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n');

/** As {@link reportProblems}, of what keeps nobody from going on: a line each. */
export const reportWarnings = (warnings: readonly FileProblem[]): string[] =>
  warnings.map(({ file, line, message }) => `${file}:${line}: warning: ${message}`);
