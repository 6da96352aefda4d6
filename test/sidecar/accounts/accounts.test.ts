/** Who is let in, and with what rights. */
import type { AgentConfig } from '../../../lib/contract/agent-config';
import { agentUser } from '../../../lib/contract/names';
import { compareAccounts, parseAccounts, renderAccounts, type Account } from '../../../sidecar/accounts/account';
import { accountsOf, passwordsByUser, sentinelAccountsOf, type AccountFacts } from '../../../sidecar/accounts/accounts';
import { clusterConfig } from '../support/config';

const file = { passwordFile: '/auth/password' };
const replicationUser = 'replication@test/db/s0';

const configOf = (auth: Partial<Exclude<AgentConfig['auth'], 'off'>> = {}): AgentConfig =>
  clusterConfig(1, 1, { auth: { agent: { user: agentUser, ...file }, replication: file, ...auth } });

/** The lines of the ACL file, without what a line begins with. */
function lines(config: AgentConfig, facts: Partial<AccountFacts> = {}): Record<string, string> {
  const all = accountsOf(config, { replicationUser, hashes: (user) => [`hash-of-${user}`], ...facts });
  return Object.fromEntries(all.map(({ name, rules }) => [name, rules.join(' ')]));
}

test('clients, agents and replicas have a user each', () => {
  expect(lines(configOf())).toEqual({
    default: 'on #hash-of-default ~* &* +@all',
    'keyspace-agent':
      'on #hash-of-keyspace-agent ~* resetchannels -@all +@admin +@dangerous +@keyspace +@connection +cluster +memory +wait +ping +multi +exec +eval -flushall -flushdb -swapdb -keys -monitor -debug -module',
    [replicationUser]: `on #hash-of-${replicationUser} resetchannels -@all +psync +replconf +ping`,
  });
});

test('where the spec has modules the agent may ask which are loaded, and load none', () => {
  const rights = lines({ ...configOf(), modules: ['/modules/search.so'] })['keyspace-agent'];
  expect(rights).toMatch(/ -module \+module\|list$/);
});

test('without passwords everybody is let in, and replicas are still told from those of other shards', () => {
  expect(lines(clusterConfig(1, 1))).toEqual({
    default: 'on nopass ~* &* +@all',
    [replicationUser]: 'on nopass resetchannels -@all +psync +replconf +ping',
  });
});

test('Sentinels have the rights that they need at servers, and in their own lists clients may only ask', () => {
  const config: AgentConfig = { ...configOf(), topology: 'sentinel' };
  expect(lines(config)['sentinel@test/db']).toBe(
    'on #hash-of-sentinel@test/db resetchannels &__sentinel__:hello -@all +multi +exec +slaveof +replicaof +ping +subscribe +publish +role +info +auth +hello +client|setname +client|kill +script|kill',
  );
  const users = [{ name: 'reports', passwordFile: '/auth/users/reports', rules: ['~*', '+@all'] }];
  const own = sentinelAccountsOf({ ...configOf({ users }), topology: 'sentinel' }, (user) => [`hash-of-${user}`]);
  expect(own.map(({ name }) => name)).toEqual(['default', 'reports', 'keyspace-agent', 'sentinel@test/db']);
  for (const { rules } of own.slice(0, 2)) {
    expect(rules).toContain('+sentinel|get-master-addr-by-name');
    expect(rules.filter((rule) => /set|monitor|remove|reset|failover|@/.test(rule))).toEqual([
      'resetkeys',
      'resetchannels',
      '-@all',
    ]);
  }
  expect(own[3]!.rules).toContain('+sentinel|is-master-down-by-addr');
  expect(passwordsByUser(config, replicationUser, 'secret', {})).toHaveProperty(['sentinel@test/db']);
});

test('servers may hand slots over where an engine moves them as a whole, and may copy nothing then', () => {
  const newer = { ...configOf(), engine: { name: 'valkey', version: '9.0' } } as const;
  const rights = lines(newer)['migration@test/db'];
  expect(rights).toMatch(
    `on #hash-of-${replicationUser} ~* resetchannels -@all +@write +select +multi +exec -flushall -flushdb -swapdb -migrate +cluster -cluster|meet`,
  );
  expect(rights).not.toMatch(/sync|replconf|@read|@all .*@all/);
  expect(Object.keys(lines(clusterConfig(2, 1)))).toEqual(['default', replicationUser]);
});

test('denied commands are taken from clients, last, and from nobody else', () => {
  const users = [{ name: 'reports', passwordFile: '/auth/users/reports', rules: ['~*', '+@all'] }];
  const all = lines(configOf({ users, deniedCommands: ['flushall', 'config|set', '@scripting'] }), {
    usersFile: 'user own on nopass +@all',
  });
  expect(all.default).toBe('on #hash-of-default ~* &* +@all -flushall -config|set -@scripting');
  expect(all.reports).toBe(
    'on #hash-of-reports resetkeys resetchannels -@all ~* +@all -flushall -config|set -@scripting',
  );
  expect(all.own).toBe('on nopass +@all');
  expect(all[agentUser]).not.toContain('scripting');
  expect(all[replicationUser]).not.toContain('scripting');
});

test('a users file may decide about default, but not about what is denied', () => {
  const all = lines(configOf({ deniedCommands: ['flushall'] }), { usersFile: 'user default off\nuser own on nopass' });
  expect(all.default).toBe('off -flushall');
  expect(Object.keys(all)).toEqual(['default', agentUser, replicationUser, 'own']);
});

test('every password that still counts is let in', () => {
  expect(lines(configOf(), { hashes: () => ['new', 'old'] }).default).toBe('on #new #old ~* &* +@all');
});

test('agents and replicas have passwords that say nothing of the one they are made of, or of each other', () => {
  const passwords = passwordsByUser(configOf(), replicationUser, 'secret', { reports: 'theirs' });
  expect(passwords).toEqual({
    default: 'secret',
    [agentUser]: expect.stringMatching(/^[\w-]{43}$/) as string,
    [replicationUser]: expect.stringMatching(/^[\w-]{43}$/) as string,
    reports: 'theirs',
  });
  expect(passwords[agentUser]).not.toBe(passwords[replicationUser]);
});

test.each([
  ['default', '', { reports: 'theirs' }],
  ['reports', 'secret', { reports: '' }],
])('an empty password of %s is none', (user, database, users) => {
  expect(() => passwordsByUser(configOf(), replicationUser, database, users)).toThrow(
    `the password of "${user}" is empty`,
  );
});

test('a running server is told of who is new, other, or gone, and of nobody else', () => {
  const before: Account[] = [
    { name: 'same', rules: ['on', '+get'] },
    { name: 'other', rules: ['on', '#old'] },
    { name: 'gone', rules: ['on'] },
  ];
  const after: Account[] = [
    { name: 'same', rules: ['on', '+get'] },
    { name: 'other', rules: ['on', '#new', '#old'] },
    { name: 'new', rules: [] },
  ];
  expect(compareAccounts(parseAccounts(renderAccounts(before)), after)).toEqual({
    set: [after[1], after[2]],
    remove: ['gone'],
  });
});
