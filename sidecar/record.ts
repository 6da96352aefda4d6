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
  source: z.string().optional(),
}) satisfies z.ZodType<PrimaryRecord>;

/** The record of a database that has never had a primary. */
export const nobody: PrimaryRecord = { epoch: 0, primary: '', before: '', vacated: true, inSync: [], history: '' };

/** Whether two records say the same. */
export const isSame = (a: PrimaryRecord, b: PrimaryRecord | undefined): boolean =>
  b !== undefined && JSON.stringify(recordSchema.parse(a)) === JSON.stringify(recordSchema.parse(b));

/** @throws Error where the text is no record */
export const parseRecord = (text: string): PrimaryRecord => recordSchema.parse(JSON.parse(text));

/** The record after an appointment: nobody has copied the new primary yet. */
export const appointed = ({ node, from, epoch, vacated, base, source = base.source }: Appointment): PrimaryRecord =>
  copyOf(source, { epoch, primary: node, before: from, vacated, inSync: [], history: '' });

/** Who is appointed, after whom. */
interface Appointment {
  readonly node: string;
  readonly from: string;
  readonly epoch: number;
  readonly vacated: boolean;
  /** Whose data this is does not change with the primary. */
  readonly base: PrimaryRecord;
  readonly source?: string;
}

/** The record of a database that has the data of that source; of its own where undefined. */
export function copyOf(source: string | undefined, record: PrimaryRecord): PrimaryRecord {
  const { epoch, primary, before, vacated, inSync, history } = record;
  const rest = { epoch, primary, before, vacated, inSync, history };
  return source === undefined ? rest : { ...rest, source };
}
