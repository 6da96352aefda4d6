import { createHmac } from 'node:crypto';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { locate } from '../home/paths';
import { createMounted } from '../mounted';

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
 * The agents' key, from the password that the agent has for its servers; follows the file when it changes.
 *
 * Where auth is `off` the password is empty and the key known to anybody who knows the database's name. It then keeps
 * agents of different databases apart and nobody out; the servers themselves let everybody in as well.
 *
 * @param home see {@link locate}
 */
export function createKeys(config: AgentConfig, home: string): Keys {
  if (config.auth === 'off') {
    const open = [deriveKey(config, '')];
    return () => Promise.resolve(open);
  }
  return createMounted([locate(home, config.auth.agent.passwordFile)], ([password]) => [deriveKey(config, password!)]);
}
