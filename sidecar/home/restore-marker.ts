import { rm } from 'node:fs/promises';

import * as z from 'zod';

import { paths } from '../../lib/contract/names';
import type { RestoreMarker } from '../view-restore';
import { locate } from './paths';
import { replaceFile } from './replace-file';

const marker = z.object({ backup: z.string(), done: z.boolean() }) satisfies z.ZodType<RestoreMarker>;

/** @param text of the file; '' where there is none */
export const parseRestoreMarker = (text: string): RestoreMarker | undefined =>
  text === '' ? undefined : marker.parse(JSON.parse(text));

/** One that does not outlive a loss of power costs another copy, and no data. */
export const writeRestoreMarker = (home: string, said: RestoreMarker): Promise<void> =>
  replaceFile(locate(home, paths.restore), `${JSON.stringify(said)}\n`);

/** What is on the volume from now on is the database's own. */
export const removeRestoreMarker = (home: string): Promise<void> => rm(locate(home, paths.restore), { force: true });
