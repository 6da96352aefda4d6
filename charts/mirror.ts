import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What {@link mirrorFolder} did, as paths below the folder. */
export interface Changes {
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/** Ends the names of files that are not whole yet. No GitOps tool reads them, and the next time they are removed. */
const unfinished = '.new';

/**
 * Makes a folder equal to another: each file changes as a whole or not at all, equal ones are not touched, and what the
 * other folder does not have goes last. Cut short at any point it leaves every file either old or new, and doing it
 * again finishes it.
 *
 * @param target is made where it does not exist
 */
export function mirrorFolder(source: string, target: string): Changes {
  const wanted = filesBelow(source);
  const present = filesBelow(target);
  const written = wanted.filter((file) => !sameBytes(join(source, file), join(target, file)));
  const removed = present.filter((file) => !wanted.includes(file));
  mkdirSync(target, { recursive: true });
  for (const file of written) replaceFile(join(source, file), join(target, file));
  for (const file of removed) rmSync(join(target, file));
  removeEmptyFolders(target);
  return { written, removed };
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const sameBytes = (one: string, other: string): boolean =>
  existsSync(other) && readFileSync(one).equals(readFileSync(other));

function replaceFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to + unfinished);
  renameSync(to + unfinished, to);
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const below = join(folder, entry.name);
    removeEmptyFolders(below);
    if (readdirSync(below).length === 0) rmdirSync(below);
  }
}
