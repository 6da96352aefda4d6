import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { engines, type Engine } from '../../../lib/contract/engines';
import { findServer, identify, type LocalServer } from '../../../sidecar/local/engines';
import { tell } from './progress';

/** A server to test with, by a name for test titles. */
export interface TestEngine {
  readonly label: string;
  /** Rejects where there is no such server, with how to get one. */
  readonly find: () => Promise<LocalServer>;
}

/** What is looked for, or fetched, where no engines are named. */
const wanted: Engine = { name: 'valkey', version: '8.1' };

/** KeyDB, whose packages few systems have: left out where it is not found, in CI too, and never without a word. */
export const keydbLabel = 'keydb-6.3';

/** The versions that every change is tested on. */
const testedLabels = ['valkey-8.1', 'valkey-9.1', keydbLabel];

/**
 * The engines under test: folders `NAME-VERSION` with a `bin` in the folder that the environment variable
 * `KEYSPACE_ENGINES` names, else the server that `keyspace local` would use. Says which are left out; in CI none may be.
 *
 * @param labels which folders
 * @throws Error where none of them is there, or in CI not all of them
 */
export function testEngines(labels: readonly string[] = testedLabels): TestEngine[] {
  const usual = labels.filter((label) => label !== keydbLabel);
  return [...(usual.length > 0 ? usualEngines(usual) : []), ...(usual.length < labels.length ? findKeydb() : [])];
}

/**
 * KeyDB, in `KEYSPACE_ENGINES/keydb-6.3/bin`, or as the environment variable `KEYSPACE_KEYDB` says, or on the PATH. Empty where it is
 * nowhere, which is said.
 */
export function findKeydb(): TestEngine[] {
  const { KEYSPACE_ENGINES: folder, KEYSPACE_KEYDB: named, PATH = '' } = process.env;
  const { server } = engines.keydb;
  const places = [
    ...(folder === undefined ? [] : [join(folder, keydbLabel, 'bin', server)]),
    ...(named === undefined ? [] : [named]),
    ...PATH.split(delimiter).map((place) => join(place, server)),
  ];
  const file = places.find((place) => existsSync(place));
  if (file !== undefined) return [{ label: keydbLabel, find: () => identify(file) }];
  tell(`no ${server} in KEYSPACE_ENGINES/${keydbLabel}/bin, KEYSPACE_KEYDB or PATH: the tests on KeyDB are left out`);
  return [];
}

/** A `describe` block on KeyDB, shown as skipped where there is none. */
export function describeOnKeydb(title: string, block: (find: TestEngine['find']) => void): void {
  const [engine] = findKeydb();
  const missing = () => Promise.reject(new Error(`there is no ${keydbLabel}`));
  (engine ? describe : describe.skip)(`${title} on ${keydbLabel}`, () => block(engine?.find ?? missing));
}

function usualEngines(labels: readonly string[]): TestEngine[] {
  const folder = process.env.KEYSPACE_ENGINES;
  if (folder === undefined) {
    tell(`one server only: set KEYSPACE_ENGINES to a folder with ${labels.join(', ')} to test on each`);
    return [{ label: 'local server', find: () => findServer(wanted) }];
  }
  const found = labels.flatMap((label) => {
    const names = Object.values(engines).map(({ server }) => join(folder, label, 'bin', server));
    const file = names.find((name) => existsSync(name));
    return file === undefined ? [] : [{ label, find: () => identify(file) }];
  });
  const missing = labels.filter((label) => !found.some((engine) => engine.label === label));
  if (missing.length === 0) return found;
  const lack = `KEYSPACE_ENGINES="${folder}" has no server in "bin" of ${missing.join(', ')}`;
  if (found.length === 0) throw new Error(`${lack}; unset it to use one server that is found or fetched`);
  if (process.env.CI !== undefined) throw new Error(`${lack}; in CI none is left out`);
  tell(`${lack}: left out`);
  return found;
}

/**
 * The servers of {@link testEngines}, asked what they are.
 *
 * @throws Error where the tests on real servers cannot run, with how to get one
 */
export const findTestEngines = (): Promise<LocalServer[]> => Promise.all(testEngines().map(({ find }) => find()));
