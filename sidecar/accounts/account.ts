import { createHash } from 'node:crypto';

import type { SignIn } from './sign-in';

/** A user of the servers. */
export interface Account {
  readonly name: string;
  /** One word each, in the engine's own words: https://valkey.io/topics/acl/ */
  readonly rules: readonly string[];
}

/** What has to be said to a running server. */
export interface AccountChange {
  readonly set: readonly Account[];
  /** Names of users that are no more. */
  readonly remove: readonly string[];
  /** As whom the server signs in where it copies. */
  readonly signIn: SignIn;
}

/** A password as the engine keeps it. */
export const hashOf = (password: string): string => createHash('sha256').update(password).digest('hex');

/** The engine's ACL file. Words are parted by spaces, and nothing in it is ever quoted. */
export const renderAccounts = (accounts: readonly Account[]): string =>
  accounts.map(({ name, rules }) => `user ${name} ${rules.join(' ')}\n`).join('');

/** Reads what {@link renderAccounts} has written. */
export const parseAccounts = (text: string): Account[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, name = '', ...rules] = line.split(' ');
      return { name, rules };
    });

/** Who differs. A server keeps the connections of everybody else, and of those whose rules alone change. */
export function compareAccounts(
  before: readonly Account[],
  after: readonly Account[],
): Pick<AccountChange, 'set' | 'remove'> {
  const was = new Map(before.map(({ name, rules }) => [name, rules.join(' ')]));
  const names = new Set(after.map(({ name }) => name));
  return {
    set: after.filter(({ name, rules }) => was.get(name) !== rules.join(' ')),
    remove: before.flatMap(({ name }) => (names.has(name) ? [] : [name])),
  };
}
