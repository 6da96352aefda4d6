import type { AgentConfig } from '../../lib/contract/agent-config';
import { sentinelUser } from '../../lib/contract/names';
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

/** What a Sentinel does at a server: https://valkey.io/topics/sentinel/ ("Sentinel Access Control List authentication"). */
const watchRights = [
  'resetchannels',
  '&__sentinel__:hello',
  '-@all',
  ...[
    '+multi',
    '+exec',
    '+slaveof',
    '+replicaof',
    '+ping',
    '+subscribe',
    '+publish',
    '+role',
    '+info',
    '+auth',
    '+hello',
  ],
  ...['+client|setname', '+client|kill', '+script|kill'],
];

/** What Sentinels say to each other. */
const quorumRights = [
  'resetchannels',
  '&__sentinel__:hello',
  '-@all',
  ...['+ping', '+publish', '+auth', '+hello', '+client|setname', '+sentinel|is-master-down-by-addr'],
];

/** What a client asks a Sentinel, and hears of it; nothing that changes what it does. */
const askingRights = [
  'resetkeys',
  'resetchannels',
  '&*',
  '-@all',
  ...['+ping', '+info', '+hello', '+auth', '+role', '+client', '+command', '+subscribe', '+psubscribe'],
  ...['+unsubscribe', '+punsubscribe', '+sentinel|get-master-addr-by-name', '+sentinel|master', '+sentinel|masters'],
  ...['+sentinel|replicas', '+sentinel|slaves', '+sentinel|sentinels', '+sentinel|myid', '+sentinel|ckquorum'],
];

/** Everybody whom a Sentinel lets in: clients under the names that they have at the servers. */
export function sentinelAccountsOf(config: AgentConfig, hashes: AccountFacts['hashes']): Account[] {
  const { auth, namespace, database } = config;
  const others = sentinelUser(namespace, database);
  if (auth === 'off') {
    return [
      { name: 'default', rules: ['on', 'nopass', '&*', '+@all'] },
      { name: others, rules: ['on', 'nopass', ...quorumRights] },
    ];
  }
  const proof = (user: string) => ['on', ...hashes(user).map((hash) => `#${hash}`)];
  const clients = ['default', ...(auth.users ?? []).map(({ name }) => name)];
  return [
    ...clients.map((name) => ({ name, rules: [...proof(name), ...askingRights] })),
    { name: auth.agent.user, rules: [...proof(auth.agent.user), '&*', '+@all'] },
    { name: others, rules: [...proof(others), ...quorumRights] },
  ];
}

const watchers = (
  { topology, namespace, database }: AgentConfig,
  proof: (user: string) => readonly string[],
): Account[] => {
  const name = sentinelUser(namespace, database);
  return topology === 'sentinel' ? [{ name, rules: [...proof(name), ...watchRights] }] : [];
};

/** Everybody whom a server lets in. Throws where the users file is not one. */
export function accountsOf(config: AgentConfig, facts: AccountFacts): Account[] {
  const { auth, engine, modules = [] } = config;
  const { exporter, usersFile } = facts;
  if (auth === 'off') {
    return [
      { name: 'default', rules: ['on', 'nopass', '~*', '&*', '+@all'] },
      // A replica without a password would not say its user either.
      { name: facts.replicationUser, rules: ['on', 'nopass', ...replicationRights] },
      ...watchers(config, () => ['on', 'nopass']),
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
    ...watchers(config, proof),
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
    ...(config.topology === 'sentinel'
      ? { [sentinelUser(config.namespace, config.database)]: derivePassword(config, 'sentinel', database) }
      : {}),
    ...users,
  };
}
