import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

import { importers } from '../../../lib/importers';
import { importDocuments, type Imported, type ImportOptions } from '../../../lib/importers/import-documents';
import type { Note } from '../../../lib/importers/open';

/** A schema of OpenAPI, as far as it is needed. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

/** The schema of a kind of document. */
export interface Described {
  readonly group: string;
  readonly kind: string;
  readonly schema: Schema;
}

const folder = (name: string): string => join(__dirname, name);

/** Every file of a folder of fixtures, with its documents. */
export function readFixtures(name: string): { readonly file: string; readonly documents: unknown[] }[] {
  const files = readdirSync(folder(name), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(ya?ml|json)$/.test(file))
    .sort()
    .map((file) => ({ file, documents: readYaml(readFileSync(join(folder(name), file), 'utf8')) }));
}

/** The documents of a text. */
export const readYaml = (text: string): unknown[] =>
  [...parseAllDocuments(text)].map((document) => document.toJS() as unknown);

/** The schemas of all operators, as they publish them, without their words. */
export const schemas = (): Described[] =>
  readdirSync(folder('schemas'))
    .sort()
    .map((file) => parse(readFileSync(join(folder('schemas'), file), 'utf8')) as Described);

/** Imports the documents of a YAML text. */
export const importYaml = (text: string, options?: ImportOptions): Imported =>
  importDocuments(readYaml(text), importers, options);

/** Notes as people read them. */
export const lines = (notes: readonly Note[]): string[] =>
  notes.map(({ subject, path, message }) => `[${subject}] ${path.join('.')}: ${message}`);
