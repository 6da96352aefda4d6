import type { Account } from './account';
import { startDatabase, type StartOptions, type TestDatabase } from './database';
import { tell } from './progress';
import { untilWhole } from './wholeness';

/** What the tests of a `describe` block share. */
export interface Fixture {
  readonly database: TestDatabase;
  /** What every server said when the database was whole for the first time. */
  readonly accounts: readonly Account[];
}

/**
 * One database for all tests of a `describe` block: whole before the first of them, gone after the last.
 *
 * @param label what the line with the time it took begins with
 * @returns gives it inside a test
 */
export function useDatabase(label: string, options: () => Promise<StartOptions>): () => Fixture {
  let database: TestDatabase | undefined;
  let fixture: Fixture | undefined;
  beforeAll(async () => {
    const began = performance.now();
    database = await startDatabase({ ...(await options()), lifetime: 'file' });
    fixture = { database, accounts: await untilWhole(database) };
    tell(`${label}: whole after ${Math.round(performance.now() - began)} ms`);
  });
  afterAll(() => database?.end());
  return () => {
    if (!fixture) throw new Error('there is no database outside a test');
    return fixture;
  };
}
