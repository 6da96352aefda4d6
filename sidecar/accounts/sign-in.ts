import type { AgentConfig } from '../../lib/contract/agent-config';
import { derivePassword } from './derived-password';

/** As whom a server signs in at the servers that it copies, and with what; '' where nothing is said. */
export interface SignIn {
  readonly user: string;
  readonly password: string;
}

/**
 * Replicas have a user of their own. A mesh with peers has one sign-in for all that it copies, and peers know nobody of this database:
 * there it is the user `default`, with the password that both have.
 *
 * @param user as whom replicas of the node's shard sign in
 * @param password the database's; absent where auth is off
 */
export function signInOf(config: AgentConfig, user: string, password?: string): SignIn {
  const abroad = config.topology === 'multi-master' && (config.peers ?? []).length > 0;
  if (abroad) return { user: 'default', password: password ?? '' };
  // A server without a password would not say its user either.
  return { user, password: password === undefined ? user : derivePassword(config, 'replication', password) };
}
