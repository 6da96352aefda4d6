import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { paths } from '../../lib/contract/names';
import { locate } from './paths';

/**
 * Where the volume is that of a node that was drained, its files go aside, so that the server starts empty and under a new id: what they hold
 * is served by others by now. Those of the time before are kept, and no older ones.
 *
 * @param home see {@link locate}
 */
export async function setAside(home: string): Promise<void> {
  const [data, before, marker] = [paths.data, paths.before, paths.drained].map((path) => locate(home, path)) as [
    string,
    string,
    string,
  ];
  if (!existsSync(marker)) return;
  const files = (await readdir(data)).filter((name) => isServers(name));
  // Cut short in between, what is left goes aside the next time.
  if (files.includes('nodes.conf')) await rm(before, { recursive: true, force: true });
  await mkdir(before, { recursive: true });
  // First of all what says that there is anything to do.
  const ordered = [...files].sort((a, b) => Number(b === 'nodes.conf') - Number(a === 'nodes.conf'));
  for (const name of ordered) await rename(join(data, name), join(before, name));
  await rm(marker);
}

/** Not ours, and not the file system's. */
const isServers = (name: string): boolean => !name.startsWith('keyspace-') && name !== 'lost+found';
