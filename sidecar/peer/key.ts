import { createHmac } from 'node:crypto';

import type { AgentConfig } from '../../lib/contract/agent-config';
import type { Passwords } from '../accounts/passwords';

/** Proves that an agent belongs to a database. */
export type Key = Buffer;

/** Every key that is valid now; the first is the one to sign with. */
export type Keys = () => Promise<readonly Key[]>;

/** No agent of another database, and nothing else that knows the password, makes the same key. */
export const deriveKey = (
  { namespace, database }: Pick<AgentConfig, 'namespace' | 'database'>,
  password: string,
): Key =>
  createHmac('sha256', password)
    .update(JSON.stringify(['keyspace agent', 1, namespace, database]))
    .digest();

/**
 * The agents' keys, from the database's password; they follow the file when it changes.
 *
 * Where auth is `off` the password is empty and the key known to anybody who knows the database's name. It then keeps
 * agents of different databases apart and nobody out; the servers themselves let everybody in as well.
 */
export function createKeys(config: Pick<AgentConfig, 'namespace' | 'database'>, passwords: Passwords): Keys {
  let last: { readonly said: string; readonly keys: readonly Key[] } | undefined;
  return async () => {
    const { inTurn } = (await passwords()) ?? { inTurn: [''] };
    const said = JSON.stringify(inTurn);
    if (last?.said !== said) last = { said, keys: inTurn.map((password) => deriveKey(config, password)) };
    return last.keys;
  };
}
