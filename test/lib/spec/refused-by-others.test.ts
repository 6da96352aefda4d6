/** What an API server, a server or a kubelet would refuse, and what could never work: the spec says it first. */
import type { Kind } from '../../../lib/spec/kinds';
import { readSpec } from '../../../lib/spec/read-spec';
import { describeProblem } from '../../../lib/spec/spec-error';

const sound = { engine: 'valkey', version: '8.1', tls: 'off', persistence: { size: '1Gi' } };

function problemsOf(change: object, kind: Kind = 'Replication'): string[] {
  const read = readSpec(kind, { name: 'orders', namespace: 'shop', props: { ...sound, ...change } });
  return 'problems' in read ? read.problems.map(describeProblem) : [];
}

const backup = (schedule: object) => ({
  backup: { destination: { volume: { claimName: 'backups' } }, schedules: [{ name: 'nightly', ...schedule }] },
});

test.each(['0 3 * * 0', '0,30 8-18/2 1-7 * mon-fri', '5/10 ? * JAN-MAR sun', '@daily', '*/15 0-0 31 12 6'])(
  'takes the time %s',
  (cron) => {
    expect(problemsOf(backup({ cron }))).toEqual([]);
  },
);

test.each([
  '0 3 * * 7',
  '0 22-6 * * *',
  '0 0 * dec-jan *',
  '0 0 3 * * *',
  '*/0 * * * *',
  '1-2-3 * * * *',
  '- * * * *',
  '@reboot',
])('refuses the time %s, of which no CronJob can be made', (cron) => {
  const [problem, ...more] = problemsOf(backup({ cron }));
  expect(problem).toBe(`backup.schedules[0].cron: must be a time as cron writes it, like "0 3 * * *", got "${cron}"`);
  expect(more).toEqual([]);
});

test.each(['Etc/UTC', 'UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'])(
  'takes the time zone %s',
  (timeZone) => {
    expect(problemsOf(backup({ cron: '@daily', timeZone }))).toEqual([]);
  },
);

test.each(['Local', 'Europe/Berln', 'Europe/berlin', 'europe/berlin'])('refuses the time zone %s', (timeZone) => {
  const problems = problemsOf(backup({ cron: '@daily', timeZone }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`must be a time zone like "Europe/Berlin", got "${timeZone}"`);
});

test.each([
  'valkey/valkey:8.1',
  'registry.example:5000/team/my_valkey/a__b.c-d:8.1.4-alpine',
  `Registry.Example/valkey@sha256:${'a'.repeat(64)}`,
  `localhost/valkey:8.1@sha256:${'0'.repeat(64)}`,
])('takes the image %s', (image) => {
  expect(problemsOf({ image })).toEqual([]);
});

test.each([
  'Valkey:8.1',
  'valkey/Valkey:8.1',
  'registry.example//valkey:8.1',
  '-valkey:8.1',
  'valkey:8.1@sha256:12',
  '/valkey:8.1',
])('refuses the image %s, which no kubelet can pull', (image) => {
  expect(problemsOf({ image })).toEqual([
    `image: must be an image with a tag or a digest, like "registry.example/valkey:8.1", got "${image}"`,
  ]);
});

test.each(['a..b', 'a.-b', 'A', '-', 'a_b'])('refuses %s as the name of an object', (name) => {
  const rule =
    'lower-case letters, digits and "-", a letter or digit at both ends, several such parts with "." between';
  expect(problemsOf({ scheduling: { priorityClassName: name } })).toEqual([
    `scheduling.priorityClassName: must be the name of a PriorityClass: ${rule}, got "${name}"`,
  ]);
});

const clients = (...peers: object[]) => ({ networkPolicy: { clients: peers } });

test('takes ranges of addresses, and parts of them', () => {
  const ranges = [
    { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.255.255.255/32'] },
    { cidr: '::/0', except: ['2001:db8::/32', '::1/128', '1:2:3:4:5:6:7:8/128', 'fd00:0:0:1::/64'] },
    { cidr: '0.0.0.0/0', except: ['0.0.0.0/1'] },
  ];
  expect(problemsOf(clients(...ranges))).toEqual([]);
});

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '256.0.0.0/8',
  '010.0.0.0/8',
  '::::/64',
  ':::/0',
  '1:2:3/64',
  '1:2:3:4:5:6:7:8::/64',
  'fd00::/129',
  'g::/1',
  '1::2::3/8',
])('refuses the range of addresses %s', (cidr) => {
  expect(problemsOf(clients({ cidr }))).toEqual([
    `networkPolicy.clients[0].cidr: must be a range of addresses like "192.0.2.0/24", got "${cidr}"`,
  ]);
});

test.each([
  ['10.0.0.0/8', '192.168.0.0/16'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.0.0.0/8', '0.0.0.0/0'],
  ['fd00::/8', '10.0.0.0/16'],
  ['fd00::/8', 'fe00::/16'],
])('refuses what is left out of %s and not a part of it: %s', (cidr, except) => {
  expect(problemsOf(clients({ cidr, except: [except] }))).toEqual([
    `networkPolicy.clients[0].except[0]: must be a part of "cidr", "${cidr}", got "${except}"`,
  ]);
});

test('refuses tolerations and terms of affinity that no pod can have', () => {
  const tolerations = [{ key: 'a b', operator: 'Equal', value: 'c d' }];
  const matchExpressions = [
    { key: 'a', operator: 'In' },
    { key: 'b', operator: 'Exists', values: ['x'] },
    { key: 'c', operator: 'Gt', values: ['x'] },
    { key: 'd', operator: 'Lt', values: ['3'] },
    { key: 'e', operator: 'NotIn', values: ['x y'] },
  ];
  const matchFields = [{ key: 'spec.foo', operator: 'In', values: ['a', 'b'] }];
  const required = (value: object) => ({ requiredDuringSchedulingIgnoredDuringExecution: value });
  const affinity = {
    nodeAffinity: required({ nodeSelectorTerms: [{ matchExpressions, matchFields }] }),
    podAffinity: required([
      {
        topologyKey: 'zone',
        namespaces: ['No_ns'],
        labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
      },
    ]),
  };
  const problems = problemsOf({ scheduling: { tolerations, affinity } });
  const where = 'scheduling.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]';
  const near = 'scheduling.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]';
  const value = 'up to 63 letters, digits, "-", "_" and ".", a letter or digit at both ends';
  expect(problems.sort()).toEqual(
    [
      'scheduling.tolerations[0].key: must be the key of a taint like "team" or "example.org/team", got "a b"',
      `scheduling.tolerations[0].value: must be the value of a taint: ${value}, got "c d"`,
      `${where}.matchExpressions[0].values: must be a list of at least one value with the operator "In"`,
      `${where}.matchExpressions[1].values: must be left out with the operator "Exists", which asks for no value`,
      `${where}.matchExpressions[2].values: must be one whole number, in quotes, with the operator "Gt"`,
      `${where}.matchExpressions[4].values[0]: must be a label value: ${value}, got "x y"`,
      `${where}.matchFields[0].key: must be "metadata.name", got "spec.foo"`,
      `${where}.matchFields[0].values: must be a list of one name of a node, got ["a","b"]`,
      `${near}.labelSelector.matchExpressions[0].values: must be a list of at least one value with the operator "In"`,
      `${near}.namespaces[0]: must be a namespace: lower-case letters, digits and "-", a letter or digit at both ends, got "No_ns"`,
    ].sort(),
  );
});

const user = (rules: object) => ({ auth: { users: [{ name: 'app', secret: { name: 'app' }, ...rules }] } });

test('takes keys, channels and commands as the engine has them', () => {
  const rules = {
    keys: ['orders:*', '%R~a', '%wr~b', '#tag', 'a"b'],
    channels: ['news:*'],
    commands: ['+get|x', '+select|0'],
  };
  expect(problemsOf(user(rules))).toEqual([]);
});

test.each([
  ['keys', '~orders:*'],
  ['keys', '%R'],
  ['keys', '%X~a'],
  ['keys', '%RR~a'],
  ['keys', '>hunter2'],
  ['channels', '&news:*'],
])('refuses %s %s, which mean something else to the engine, and does not repeat it', (field, rule) => {
  const problems = problemsOf(user({ [field]: [rule] }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^auth\\.users\\[0\\]\\.${field}\\[0\\]: must be a pattern of ${field}`));
  expect(problems[0]).not.toContain('hunter2');
});

test('refuses to deny a first argument, which can only be granted', () => {
  const what = 'must be a command of valkey 8.1';
  expect(problemsOf({ auth: { deniedCommands: ['select|0'] } })).toEqual([
    `auth.deniedCommands[0]: ${what}, got "select|0"; no version of it has`,
  ]);
  expect(problemsOf(user({ commands: ['+@all', '-get|x', '+get|', '+get|a|b'] }))).toEqual(
    ['-get|x', '+get|', '+get|a|b'].map(
      (rule, index) => `auth.users[0].commands[${index + 1}]: ${what}, got "${rule}"; no version of it has`,
    ),
  );
});

test.each([
  'orders-leader',
  'orders-any.shop',
  'Orders-Server-0.orders-headless.shop.svc',
  'orders-replica.shop.svc.cluster.local',
])('refuses to have a database follow itself, as %s', (host) => {
  expect(problemsOf({ replicaOf: { host, auth: 'off', tls: 'off' } })).toEqual([
    `replicaOf.host: must be another database, got "${host}", which is this one: give it another name or namespace`,
  ]);
  expect(problemsOf({ engine: 'keydb', version: '6.3', peers: [{ host }] }, 'MultiMaster')).toEqual([
    `peers[0].host: must be another database, got "${host}", which is this one: give it another name or namespace`,
  ]);
});

test('has a database follow one of the same name elsewhere', () => {
  const hosts = ['orders-leader.old', 'orders-leader.old.svc', 'orders.example.org', 'carts-leader', '10.0.0.1'];
  expect(hosts.flatMap((host) => problemsOf({ replicaOf: { host, auth: 'off', tls: 'off' } }))).toEqual([]);
});

test('says which of two forms a block has, where it has both', () => {
  const change = {
    tls: { secret: { name: 'a' }, issuer: { name: 'b' }, clientCertificates: 'off' },
    restore: { source: { volume: { claimName: 'x' } }, backup: 'a', time: '2026-01-01T00:00:00Z' },
    ...clients({ podLabels: {}, cidr: '10.0.0.0/8' }),
  };
  expect(problemsOf(change)).toEqual([
    'tls.issuer: cannot be beside "secret"; one or the other',
    'networkPolicy.clients[0].cidr: cannot be beside "podLabels"; one or the other',
    'restore.time: cannot be beside "backup"; one or the other',
  ]);
});
