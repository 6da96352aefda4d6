import { readFile, stat } from 'node:fs/promises';

/** How long files are taken to be unchanged after a look at them. Milliseconds. */
const lookEveryMs = 1000;

/**
 * Something made of mounted files, which the kubelet replaces while the agent runs: tokens, passwords, certificates.
 *
 * @param files absolute paths
 * @param make gets the contents in that order; may throw
 * @returns the newest, made again only when a file has changed. A change that cannot be read or made into anything (one
 * file is new already, the other still old) leaves the last good one in place; rejects where there never was one
 */
export function createMounted<T>(files: readonly string[], make: (contents: readonly string[]) => T): () => Promise<T> {
  let last: { readonly version: string; readonly value: T } | undefined;
  let lookedAt = -Infinity;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      const version = await versionOf(files);
      if (version !== last?.version) last = { version, value: make(await Promise.all(files.map(readText))) };
    } catch (error) {
      if (!last) throw error;
    }
    lookedAt = performance.now();
  }

  return async () => {
    if (performance.now() - lookedAt >= lookEveryMs) await (looking ??= look().finally(() => (looking = undefined)));
    return last!.value;
  };
}

const readText = (file: string): Promise<string> => readFile(file, 'utf8');

/** The kubelet swaps a symbolic link above the files, so a changed one is another inode. */
async function versionOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file)));
  return stats.map(({ ino, size, mtimeMs }) => `${ino}:${size}:${mtimeMs}`).join();
}
