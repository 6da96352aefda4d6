import type { AgentConfig } from '../../lib/contract/agent-config';
import { can } from '../../lib/contract/engines';
import { takesRule } from '../../lib/contract/known-commands';
import { migrationUser, sentinelUser } from '../../lib/contract/names';
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
 * mistakes and not against an agent. A script (`EVAL`) may do no more than who runs it.
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
    '+eval',
  ],
  ...['-flushall', '-flushdb', '-swapdb', '-keys', '-monitor', '-debug', '-module'],
];

/** What the agent does where the spec has modules: it says which are missing. It loads none. */
const listModules = '+module|list';

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

/**
 * What a server may do that hands slots over: write. `CLUSTER SYNCSLOTS` is not granted by name, because a server that is not upgraded
 * yet would not start with a users file that has a command it does not know; what else changes a cluster is taken away.
 */
const migrationRights = [
  '~*',
  'resetchannels',
  '-@all',
  ...['+@write', '+select', '+multi', '+exec', '-flushall', '-flushdb', '-swapdb', '-migrate', '+cluster'],
  ...['meet', 'forget', 'reset', 'failover', 'replicate', 'setslot', 'flushslots', 'bumpepoch', 'set-config-epoch'].map(
    (change) => `-cluster|${change}`,
  ),
  ...['addslots', 'addslotsrange', 'delslots', 'delslotsrange'].map((change) => `-cluster|${change}`),
];

/** Everybody whom a server lets in. Throws where the users file is not one. */
export function accountsOf(config: AgentConfig, facts: AccountFacts): Account[] {
  const { auth, engine, modules = [] } = config;
  const { exporter, usersFile } = facts;
  if (auth === 'off') {
    return [
      { name: 'default', rules: ['on', 'nopass', '~*', '&*', '+@all'] },
      // A replica without a password would not say its user either.
      ...serversOf(config, facts.replicationUser, ['on', 'nopass']),
      ...watchers(config, () => ['on', 'nopass']),
    ];
  }
  const { agent, users = [], deniedCommands = [] } = auth;
  const denied = deniedCommands.map((command) => `-${command}`);
  const proof = (user: string) => ['on', ...facts.hashes(user).map((hash) => `#${hash}`)];
  // A module brings commands of its own.
  const takes = (rule: string) => modules.length > 0 || takesRule(engine, rule);
  const taken = users.map(({ name }) => name);
  const further = usersFile === undefined ? [] : parseUsersFile(usersFile, { taken, takes });
  const clients = { name: 'default', rules: [...proof('default'), '~*', '&*', '+@all'] };
  const own = further.find(({ name }) => name === 'default') ?? clients;
  return [
    { name: 'default', rules: [...own.rules, ...denied] },
    { name: agent.user, rules: [...proof(agent.user), ...agentRights, ...(modules.length > 0 ? [listModules] : [])] },
    ...serversOf(config, facts.replicationUser, proof(facts.replicationUser)),
    ...watchers(config, proof),
    ...(exporter ? [exporter] : []),
    ...users.map(({ name, rules }) => ({
      name,
      rules: [...proof(name), 'resetkeys', 'resetchannels', '-@all', ...rules, ...denied],
    })),
    ...further.filter(({ name }) => name !== 'default'),
  ];
}

/** The other servers: replicas of the own shard, and whoever hands slots over. A server has one password for both. */
function serversOf(config: AgentConfig, replicationUser: string, proof: readonly string[]): Account[] {
  const { topology, engine, namespace, database } = config;
  const replicas = { name: replicationUser, rules: [...proof, ...replicationRights] };
  if (topology !== 'cluster' || !can(engine, 'atomicSlotMigration')) return [replicas];
  return [replicas, { name: migrationUser(namespace, database), rules: [...proof, ...migrationRights] }];
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
