import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { syncFolder } from '../home/durable';
import type { BackupStore, StoredObject } from './store';

/** Ends the name of a file that is not written to its end yet. */
const unfinished = '.unfinished';

/**
 * Backups in a folder, mostly on a volume of the network that several pods mount.
 *
 * @param top absolute path; made when first written to
 */
export function createFolderStore(top: string): BackupStore {
  const fileOf = (key: string): string => join(top, key);
  const list = async (prefix: string): Promise<StoredObject[]> =>
    (await listFiles(top, prefix)).filter(({ key }) => !key.endsWith(unfinished));
  const remove = async (key: string): Promise<void> => {
    await rm(fileOf(key), { force: true });
    await removeEmpty(dirname(fileOf(key)), top);
  };
  return {
    where: top,
    put: (key, content) => writeSafely(fileOf(key), content),
    // A stream would say what is wrong only when it is read.
    get: async (key) => (await stat(fileOf(key)), createReadStream(fileOf(key))),
    list,
    remove,
    async abandon(prefix, before) {
      const files = (await listFiles(top, prefix)).filter(({ key }) => key.endsWith(unfinished));
      for (const { key } of files.filter(({ modifiedAt }) => modifiedAt < before)) await remove(key);
      await removeEmpty(join(top, prefix), top);
    },
    close: () => undefined,
  };
}

/** The name is the file's only when every byte is on the disk, and the folder is told to keep the name. */
async function writeSafely(file: string, content: AsyncIterable<Buffer>): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = await open(file + unfinished, 'w', 0o600);
  try {
    for await (const piece of content) await draft.writeFile(piece);
    await draft.sync();
    await draft.close();
    await rename(file + unfinished, file);
    await syncFolder(folder);
  } catch (error) {
    await draft.close().catch(() => undefined);
    await rm(file + unfinished, { force: true });
    throw error;
  }
}

/** Folders above the files that the prefix leads to are not walked through: others may keep a lot beside them. */
async function listFiles(top: string, prefix: string): Promise<StoredObject[]> {
  const start = join(top, prefix.slice(0, prefix.lastIndexOf('/') + 1));
  const entries = await readdir(start, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const objects = await Promise.all(files.map((file) => describe(file, relative(top, file))));
  return objects.flat().filter(({ key }) => key.startsWith(prefix));
}

/** Nothing, for a file that somebody has just removed. */
async function describe(file: string, key: string): Promise<StoredObject[]> {
  try {
    const { size, mtime } = await stat(file);
    return [{ key, bytes: size, modifiedAt: mtime }];
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** As in a bucket: where nothing is left, there is no folder either. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  for (let each = folder; each.startsWith(`${top}/`); each = dirname(each)) {
    try {
      await rmdir(each);
    } catch {
      // It is not empty, or gone already.
      return;
    }
  }
}
