import { readFile } from 'node:fs/promises';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { paths } from '../../lib/contract/names';
import {
  compareAccounts,
  hashOf,
  parseAccounts,
  renderAccounts,
  type Account,
  type AccountChange,
} from '../accounts/account';
import { accountsOf, passwordsByUser } from '../accounts/accounts';
import { acceptedHashes, parseHistory, remember, type History } from '../accounts/history';
import { overlapOf, type Passwords } from '../accounts/passwords';
import { signInOf, type SignIn } from '../accounts/sign-in';
import { whereMissing } from './disk';
import { exporterPassword, exporterAccount } from './exporter-access';
import { readMemoryFile } from './memory-file';
import { locate } from './paths';
import { replaceFile } from './replace-file';

/** Who is to be let in by the own server, from the files that are mounted now. */
export interface Wanted {
  readonly accounts: readonly Account[];
  /** As whom the server signs in where it copies, its `masteruser` and `masterauth`. */
  readonly signIn: SignIn;
}

/** The users of the own server, and the file that it reads them from. */
export interface NodeAccounts {
  /** Rejects with why it cannot be said: a file is missing, or is not what it should be. */
  readonly wanted: (config: AgentConfig) => Promise<Wanted>;
  /** What a server that was told what is in the file has to be told now. */
  readonly change: (wanted: Wanted) => AccountChange;
  readonly write: (wanted: Wanted) => Promise<void>;
}

/**
 * @param home see {@link locate}
 * @param userOf as whom the replicas of the node's shard sign in
 * @param now milliseconds since 1970
 */
export function createNodeAccounts(
  home: string,
  userOf: (config: AgentConfig) => string,
  passwords: Passwords,
  now: () => number = Date.now,
): NodeAccounts {
  const at = (path: string) => locate(home, path);
  const remembered = createRemembered(at(paths.replacedPasswords), now);
  return {
    async wanted(config) {
      const { auth } = config;
      const replicationUser = userOf(config);
      const password = await passwords();
      if (auth === 'off' || !password) {
        const accounts = accountsOf({ ...config, auth: 'off' }, { replicationUser, hashes: () => [] });
        return { accounts, signIn: signInOf(config, replicationUser) };
      }
      const users = readUsers(home, auth.users ?? []);
      const newest = passwordsByUser(config, replicationUser, password.newest, users);
      const known = await remembered(mapValues(newest, hashOf), overlapOf(auth));
      const exporter = await exporterPassword(home, config);
      const accounts = accountsOf(config, {
        replicationUser,
        hashes: (user) => acceptedHashes(known, user),
        ...(auth.exporter && exporter !== undefined ? { exporter: exporterAccount(auth.exporter, exporter) } : {}),
        ...(auth.usersFile === undefined ? {} : { usersFile: readSecret(at(auth.usersFile)) }),
      });
      return { accounts, signIn: signInOf(config, replicationUser, password.inTurn[0]) };
    },
    change({ accounts, signIn }) {
      const told = parseAccounts(readMemoryFile(at(paths.accounts)) ?? '');
      return { ...compareAccounts(told, accounts), signIn };
    },
    write: ({ accounts }) => replaceFile(at(paths.accounts), renderAccounts(accounts)),
  };
}

/** A Secret that was not known when the pod was made comes with the next pod. */
function readSecret(file: string): string {
  const text = readMemoryFile(file);
  if (text === undefined)
    throw new Error(`${file} is not there: a Secret that is new to a pod is mounted when it is replaced`);
  return text;
}

const readUsers = (
  home: string,
  users: readonly { readonly name: string; readonly passwordFile: string }[],
): Record<string, string> =>
  Object.fromEntries(users.map(({ name, passwordFile }) => [name, readSecret(locate(home, passwordFile))]));

/** The history of passwords, on the volume. Where that cannot be written it lasts as long as this process. */
function createRemembered(file: string, now: () => number) {
  let history: History | undefined;
  return async (hashes: Readonly<Record<string, string>>, overlapMs: number): Promise<History> => {
    const before = history ?? parseHistory(await readFile(file, 'utf8').catch(whereMissing('')));
    const after = remember(before, hashes, now(), overlapMs);
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      await replaceFile(file, `${JSON.stringify(after)}\n`).catch(() => undefined);
    }
    return (history = after);
  };
}

const mapValues = (record: Readonly<Record<string, string>>, map: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
