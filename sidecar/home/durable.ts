import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Has the disk keep the names in a folder: a file that was renamed into it is there after a loss of power too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

/** As `replaceFile`, and it is on the disk when this resolves. */
export async function replaceDurably(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  await syncFolder(dirname(file));
}
