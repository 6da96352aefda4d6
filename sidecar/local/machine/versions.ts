import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/**
 * A record as a folder of numbered files, one a version; the highest number is the record.
 *
 * Two writers cannot both make version N + 1: link(2) gives a complete file a name, and fails where the name is taken. A
 * writer that slept until its number had been used and pruned sees much higher ones after linking, and has lost as well.
 */
export function createVersionedRecord<T>(folder: string): VersionedRecord<T> {
  const fileOf = (version: number) => join(folder, `${version}.json`);
  const numbers = async (): Promise<number[]> => {
    const names = await readdir(folder).catch(whereMissing<string[]>([]));
    const found = names.filter((name) => /^\d+\.json$/.test(name)).map((name) => Number.parseInt(name, 10));
    return found.sort((a, b) => a - b);
  };
  return {
    async read() {
      for (let reads = 0; reads < mostReads; reads++) {
        const number = (await numbers()).at(-1) ?? 0;
        if (number === 0) return { number, value: undefined };
        const text = await readFile(fileOf(number), 'utf8').catch(whereMissing(undefined));
        if (text !== undefined) return { number, value: JSON.parse(text) as T };
      }
      throw new Error(`the versions in "${folder}" change faster than they can be read`);
    },
    async swap(version, value) {
      await mkdir(folder, { recursive: true });
      if (((await numbers()).at(-1) ?? 0) !== version) return false;
      const draft = join(folder, `${process.pid}-${Math.random()}.draft`);
      await writeFile(draft, JSON.stringify(value));
      const linked = await link(draft, fileOf(version + 1)).then(
        () => true,
        (error: unknown) => {
          if (errorCode(error) === 'EEXIST') return false;
          throw error;
        },
      );
      await rm(draft);
      if (!linked) return false;
      const all = await numbers();
      if (all.at(-1)! > version + versionsKept) return false;
      for (const old of all.slice(0, -versionsKept)) await rm(fileOf(old), { force: true });
      return true;
    },
  };
}

const whereMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (errorCode(error) === 'ENOENT') return value;
    throw error;
  };
