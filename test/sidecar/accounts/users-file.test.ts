/** The user's own ACL file: what is taken, and what is refused without telling a password. */
import { takesRule } from '../../../lib/contract/known-commands';
import { hashOf } from '../../../sidecar/accounts/account';
import { parseUsersFile } from '../../../sidecar/accounts/users-file';

const engine = { name: 'valkey', version: '8.1' } as const;

const read = (text: string, taken: readonly string[] = []) =>
  parseUsersFile(text, { taken, takes: (rule) => takesRule(engine, rule) });

test('takes what an engine saves, and empty lines', () => {
  const hash = hashOf('secret');
  const saved = `user app on sanitize-payload #${hash} ~orders:* %R~carts:* resetchannels &news:* -@all +@read +config|get (~public:* +get)\r\n\n  user old-1@shop off nopass ~* &* +@all  \n`;
  expect(read(saved)).toEqual([
    {
      name: 'app',
      rules:
        `on sanitize-payload #${hash} ~orders:* %R~carts:* resetchannels &news:* -@all +@read +config|get (~public:* +get)`.split(
          ' ',
        ),
    },
    { name: 'old-1@shop', rules: ['off', 'nopass', '~*', '&*', '+@all'] },
  ]);
});

test('passwords become hashes', () => {
  expect(read('user app on >new <old allkeys')[0]!.rules).toEqual([
    'on',
    `#${hashOf('new')}`,
    `!${hashOf('old')}`,
    'allkeys',
  ]);
});

const broken: readonly [text: string, message: string][] = [
  ['user a on\n# a comment', 'line 2 of the users file must be "user NAME RULE..."; it has no comments'],
  ['requirepass hunter2', 'line 1 of the users file must be "user NAME RULE..."; it has no comments'],
  ['user', 'line 1 of the users file must be "user NAME RULE..."; it has no comments'],
  ['user >hunter2 on', 'line 1 of the users file must name a user after "user"'],
  ['\nuser app on >my hunter2', 'line 2 of the users file has something that is no rule of the engine: word 5'],
  [
    'user keyspace-agent on nopass',
    'line 1 of the users file must not name "keyspace-agent": names that begin with "keyspace-", "replication@", "migration@" or "sentinel@" are the library\'s',
  ],
  [
    'user replication@shop/orders/shard-0 on',
    'line 1 of the users file must not name "replication@shop/orders/shard-0": names that begin with "keyspace-", "replication@", "migration@" or "sentinel@" are the library\'s',
  ],
  [
    'user app on +GET -Config|Set (+@read -clusterscan)',
    'line 1 of the users file has a rule about a command that the engine does not know: word 7',
  ],
  ['user typed on', 'line 1 of the users file must not name "typed", who is in "auth.users"'],
  ['user default on\nuser default off', 'line 2 of the users file must not name "default" again, who is in line 1'],
  [`user ${'x'.repeat(300_000)} on`, 'the users file must have at most 262144 bytes'],
];

test.each(broken)('refuses %j', (text, message) => {
  expect(() => read(text, ['typed'])).toThrow(new Error(message));
  expect(message).not.toContain('hunter2');
});
