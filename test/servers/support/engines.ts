import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { engines, type Engine } from '../../../lib/contract/engines';
import { findServer, identify, type LocalServer } from '../../../sidecar/local/engines';

/** A server to test with, by a name for test titles. */
export interface TestEngine {
  readonly label: string;
  /** Rejects where there is no such server, with how to get one. */
  readonly find: () => Promise<LocalServer>;
}

/** What is looked for, or fetched, where no engines are named. */
const wanted: Engine = { name: 'valkey', version: '8.1' };

/**
 * The engines under test: every folder `NAME-VERSION` with a `bin` in the folder that the environment variable
 * `KEYSPACE_ENGINES` names, else the server that `keyspace local` would use.
 *
 * @param only labels to choose from: `['valkey-8.1', 'valkey-9.1']`; where none is there, the tests have nothing to run on and say so
 */
export function testEngines(only?: readonly string[]): TestEngine[] {
  const folder = process.env.KEYSPACE_ENGINES;
  if (folder === undefined) return [{ label: 'local server', find: () => findServer(wanted) }];
  const found = readdirSync(folder).flatMap((label) => {
    const names = Object.values(engines).map(({ server }) => join(folder, label, 'bin', server));
    const file = names.find((name) => existsSync(name));
    return file === undefined || (only && !only.includes(label)) ? [] : [{ label, find: () => identify(file) }];
  });
  if (found.length > 0) return found;
  throw new Error(
    `no servers in KEYSPACE_ENGINES="${folder}": expected folders ${(only ?? ['valkey-8.1']).join(', ')} with a server in "bin"; ` +
      'unset it to use one server that is found or fetched',
  );
}

/**
 * The servers of {@link testEngines}, asked what they are.
 *
 * @throws Error where the tests on real servers cannot run, with how to get one
 */
export const findTestEngines = (): Promise<LocalServer[]> => Promise.all(testEngines().map(({ find }) => find()));
