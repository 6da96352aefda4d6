import type { AgentConfig } from '../../lib/contract/agent-config';
import { knowsCommand } from '../../lib/contract/known-commands';
import type { Account } from './account';
import { derivePassword } from './derived-password';
import { parseUsersFile } from './users-file';

/** What decides who is let in, beside the configuration. */
export interface AccountFacts {
  /** As whom the replicas of the node's shard sign in. */
  readonly replicationUser: string;
  /** Hashes of every password that the user may say. */
  readonly hashes: (user: string) => readonly string[];
  /** The exporter's user, where there is one. */
  readonly exporter?: Account;
  /** The user's own file, where there is one. */
  readonly usersFile?: string;
}

/**
 * Everything that is done to keys as a whole and to servers, and nothing that reads or writes what is in a key. Categories, because they
 * hold under every engine: `@admin` (ACL, CONFIG, REPLICAOF, FAILOVER, BGSAVE), `@dangerous` (INFO, MIGRATE, RESTORE, CLUSTER ...),
 * `@keyspace` (DUMP, DEL, WAIT in older engines) and `@connection` (AUTH, CLIENT). What `@dangerous` has that would lose data, show what
 * clients send or stop a server for long is taken away again: who may change users could give it to himself, so this guards against
 * mistakes and not against an agent.
 */
const agentRights = [
  '~*',
  'resetchannels',
  '-@all',
  ...[
    '+@admin',
    '+@dangerous',
    '+@keyspace',
    '+@connection',
    '+cluster',
    '+memory',
    '+wait',
    '+ping',
    '+multi',
    '+exec',
  ],
  ...['-flushall', '-flushdb', '-swapdb', '-keys', '-monitor', '-debug', '-module'],
];

const replicationRights = ['resetchannels', '-@all', '+psync', '+replconf', '+ping'];

/** Everybody whom a server lets in. Throws where the users file is not one. */
export function accountsOf(config: AgentConfig, facts: AccountFacts): Account[] {
  const { auth, engine, modules = [] } = config;
  const { exporter, usersFile } = facts;
  if (auth === 'off') {
    return [
      { name: 'default', rules: ['on', 'nopass', '~*', '&*', '+@all'] },
      // A replica without a password would not say its user either.
      { name: facts.replicationUser, rules: ['on', 'nopass', ...replicationRights] },
    ];
  }
  const { agent, users = [], deniedCommands = [] } = auth;
  const denied = deniedCommands.map((command) => `-${command}`);
  const proof = (user: string) => ['on', ...facts.hashes(user).map((hash) => `#${hash}`)];
  // A module brings commands of its own.
  const knows = (command: string) => modules.length > 0 || knowsCommand(engine, command);
  const taken = users.map(({ name }) => name);
  const further = usersFile === undefined ? [] : parseUsersFile(usersFile, { taken, knows });
  const clients = { name: 'default', rules: [...proof('default'), '~*', '&*', '+@all'] };
  const own = further.find(({ name }) => name === 'default') ?? clients;
  return [
    { name: 'default', rules: [...own.rules, ...denied] },
    { name: agent.user, rules: [...proof(agent.user), ...agentRights] },
    { name: facts.replicationUser, rules: [...proof(facts.replicationUser), ...replicationRights] },
    ...(exporter ? [exporter] : []),
    ...users.map(({ name, rules }) => ({
      name,
      rules: [...proof(name), 'resetkeys', 'resetchannels', '-@all', ...rules, ...denied],
    })),
    ...further.filter(({ name }) => name !== 'default'),
  ];
}

/**
 * The newest password of every user whose password can change, by name.
 *
 * @param replicas as whom those of the node's shard sign in
 * @param database the database's password
 * @param users those of `auth.users`, by name
 * @throws Error where one is empty: with it, everybody would be let in
 */
export function passwordsByUser(
  config: AgentConfig,
  replicas: string,
  database: string,
  users: Readonly<Record<string, string>>,
): Record<string, string> {
  if (config.auth === 'off') return {};
  const empty = Object.entries({ default: database, ...users }).find(([, password]) => password === '');
  if (empty) throw new Error(`the password of "${empty[0]}" is empty`);
  return {
    default: database,
    [config.auth.agent.user]: derivePassword(config, 'agent', database),
    [replicas]: derivePassword(config, 'replication', database),
    ...users,
  };
}
