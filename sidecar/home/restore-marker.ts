import { rm } from 'node:fs/promises';

import * as z from 'zod';

import { paths } from '../../lib/contract/names';
import type { RestoreMarker } from '../view-restore';
import { replaceDurably } from './durable';
import { locate } from './paths';

const marker = z.object({ backup: z.string(), done: z.boolean() }) satisfies z.ZodType<RestoreMarker>;

/** @throws Error where the text is none: what is on the volume must not be taken for the database's own by mistake */
export const parseRestoreMarker = (text: string): RestoreMarker => marker.parse(JSON.parse(text));

/** There before any of the data that it speaks of has a name. */
export const writeRestoreMarker = (home: string, said: RestoreMarker): Promise<void> =>
  replaceDurably(locate(home, paths.restore), `${JSON.stringify(said)}\n`);

/** What is on the volume from now on is the database's own. */
export async function removeRestoreMarker(home: string): Promise<void> {
  await rm(locate(home, paths.restoreDraft), { force: true });
  await rm(locate(home, paths.restore), { force: true });
}
