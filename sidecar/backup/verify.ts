import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Backup } from './catalog';
import type { ManifestShard } from './manifest';
import { measure, type Measured } from './measure';
import type { BackupStore } from './store';

/**
 * Reads every object of a backup to its end, and compares it with the manifest.
 *
 * @param folder of the database, with a `/` at its end
 * @returns what is wrong, nothing where all is as it was written
 */
export async function verifyBackup(store: BackupStore, folder: string, { name, manifest }: Backup): Promise<string[]> {
  const problems: string[] = [];
  for (const part of manifest.shards) {
    const read = await readThrough(store, `${folder}${name}/${part.file}`);
    const why = typeof read === 'string' ? `${part.file} cannot be read: ${read}` : whyDifferent(part, read);
    if (why !== undefined) problems.push(why);
  }
  return problems;
}

/** What of an object is not as it was written; undefined where all is. */
export function whyDifferent({ file, bytes, sha256 }: ManifestShard, read: Measured): string | undefined {
  if (read.bytes !== bytes) return `${file} has ${read.bytes} bytes instead of ${bytes}`;
  return read.sha256 === sha256 ? undefined : `${file} has the SHA-256 ${read.sha256} instead of ${sha256}`;
}

/** @returns why not where it cannot be read */
async function readThrough(store: BackupStore, key: string): Promise<Measured | string> {
  try {
    const measuring = measure(await store.get(key));
    await pipeline(measuring.content, new Writable({ write: (_piece, _encoding, done) => done() }));
    return measuring.result();
  } catch (error) {
    return (error as Error).message;
  }
}
