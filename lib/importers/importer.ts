import type { Kind } from '../spec/kinds';
import type { Companions } from './companions';
import type { Effect } from './effect';
import type { Defaults, Source } from './source';
import type { Table } from './table';

/** An effect that rests on several fields, and the field people are pointed at. */
export interface Settled {
  /** Path of names: `spec.auth`. */
  readonly at: string;
  readonly effect: Effect;
}

/** A document of an operator, and what it is read with. */
export interface Own {
  readonly source: Source;
  readonly name: string;
  readonly namespace: string;
  readonly beside: Companions;
}

/** A document that belongs to a database. */
export interface OwnPart extends Own {
  /** The document of the database; undefined where it is not among those given. */
  readonly database?: Source;
  /** All documents of its kind that belong to the database, without itself. */
  readonly others: readonly Source[];
  /** How many of them come before it. */
  readonly index: number;
}

interface Described {
  /** API group of the operator: `keydb.io`. */
  readonly group: string;
  readonly kind: string;
  /** Version of its API. */
  readonly version: string;
  /** What the operator assumes of fields that are not there. */
  readonly defaults: Defaults;
  /** Every field of the operator's schema, and what becomes of it. */
  readonly table: Table;
}

/** Reads the documents of a kind that are a database. */
export interface DatabaseImporter extends Described {
  readonly role: 'database';
  /** Kind of the spec. */
  readonly becomes: (source: Source) => Kind;
  readonly settle: (own: Own) => readonly Settled[];
}

/** Reads the documents of a kind that belong to a database: an upgrade, a backup. */
export interface PartImporter extends Described {
  readonly role: 'part';
  /** The field that names the database. */
  readonly ofAt: string;
  /** Name of the database, and its namespace where that is another one. */
  readonly of: (source: Source) => { readonly name: string | undefined; readonly namespace?: string };
  /** Whether it has happened already and asks for nothing more. It counts only where no other part says as much. */
  readonly isOver?: (source: Source) => boolean;
  readonly settle: (own: OwnPart) => readonly Settled[];
}

/** Reads the documents of one kind of one operator. */
export type Importer = DatabaseImporter | PartImporter;
