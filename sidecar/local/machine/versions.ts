import { linkSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readMemoryFile } from '../../home/memory-file';
import { errorCode } from './error-code';

/** One state of a record. */
export interface Version<T> {
  /** 0 where nothing was ever written. */
  readonly number: number;
  readonly value: T | undefined;
}

/** A record that processes change by compare-and-swap. */
export interface VersionedRecord<T> {
  read(): Promise<Version<T>>;
  /** @returns false where the version is not the newest any more; the record is then as others left it */
  swap(version: number, value: T): Promise<boolean>;
}

/** A reader that lost this many races in a row is not unlucky. */
const mostReads = 100;

/**
 * Old versions stay for a while: a listing that is made while files come and go shows at least those that were there all
 * the time.
 */
const versionsKept = 16;

/** None that is younger is removed: a number that a writer saw free a moment ago has not been used and pruned since. Milliseconds. */
const keptMs = 10_000;

/**
 * A record as a folder of numbered files, one a version; the highest number is the record.
 *
 * Two writers cannot both make version N + 1: link(2) gives a complete file a name, and fails where the name is taken. A
 * writer that slept for so long that its number may have been used and pruned has lost as well.
 */
export function createVersionedRecord<T>(folder: string): VersionedRecord<T> {
  const fileOf = (version: number) => join(folder, `${version}.json`);
  // All at once: the record is small and looked at all the time, and a thread for each call costs more than the call.
  const numbers = (): number[] => {
    const names = namesIn(folder);
    const found = names.filter((name) => /^\d+\.json$/.test(name)).map((name) => Number.parseInt(name, 10));
    return found.sort((a, b) => a - b);
  };
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- whatever is thrown is a rejection
    async read() {
      for (let reads = 0; reads < mostReads; reads++) {
        const number = numbers().at(-1) ?? 0;
        if (number === 0) return { number, value: undefined };
        const text = readMemoryFile(fileOf(number));
        if (text !== undefined) return { number, value: JSON.parse(text) as T };
      }
      throw new Error(`the versions in "${folder}" change faster than they can be read`);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- whatever is thrown is a rejection
    async swap(version, value) {
      const began = Date.now();
      mkdirSync(folder, { recursive: true });
      if ((numbers().at(-1) ?? 0) !== version) return false;
      const draft = join(folder, `${process.pid}-${Math.random()}.draft`);
      writeFileSync(draft, JSON.stringify(value));
      const linked = linkUnlessTaken(draft, fileOf(version + 1));
      rmSync(draft);
      if (!linked) return false;
      for (const old of numbers().slice(0, -versionsKept)) {
        const made = statSync(fileOf(old), { throwIfNoEntry: false })?.mtimeMs ?? began;
        if (began - made > keptMs) rmSync(fileOf(old), { force: true });
      }
      return Date.now() - began < keptMs;
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function linkUnlessTaken(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
