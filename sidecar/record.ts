import * as z from 'zod';

import type { PrimaryRecord } from './view';

/** A {@link PrimaryRecord} as it is stored and sent. Unknown fields are ignored: the agents of a database are not all updated at once. */
export const recordSchema = z.object({
  epoch: z.int().nonnegative(),
  primary: z.string(),
  before: z.string(),
  vacated: z.boolean(),
  inSync: z.array(z.string()),
  history: z.string(),
}) satisfies z.ZodType<PrimaryRecord>;

/** The record of a database that has never had a primary. */
export const nobody: PrimaryRecord = { epoch: 0, primary: '', before: '', vacated: true, inSync: [], history: '' };

/** Whether two records say the same. */
export const isSame = (a: PrimaryRecord, b: PrimaryRecord | undefined): boolean =>
  b !== undefined && JSON.stringify(recordSchema.parse(a)) === JSON.stringify(recordSchema.parse(b));

/** @throws Error where the text is no record */
export const parseRecord = (text: string): PrimaryRecord => recordSchema.parse(JSON.parse(text));
