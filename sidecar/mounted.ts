import { readFileSync, statSync } from 'node:fs';

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

  function look(): void {
    try {
      const version = versionOf(files);
      if (version !== last?.version) last = { version, value: make(files.map((file) => readFileSync(file, 'utf8'))) };
    } catch (error) {
      if (!last) throw error;
    }
    lookedAt = performance.now();
  }

  // Mounted files lie in memory: looked at all the time, they are not worth a thread each.
  return () =>
    new Promise((resolve) => {
      if (performance.now() - lookedAt >= lookEveryMs) look();
      resolve(last!.value);
    });
}

/** The kubelet swaps a symbolic link above the files, so a changed one is another inode. */
const versionOf = (files: readonly string[]): string =>
  files
    .map((file) => statSync(file))
    .map(({ ino, size, mtimeMs }) => `${ino}:${size}:${mtimeMs}`)
    .join();
