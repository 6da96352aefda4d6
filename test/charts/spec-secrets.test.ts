/** Passwords belong into Secrets. Whoever writes one into a spec reads that it is wrong there, and not the password. */
import { stringify } from 'yaml';

import { buildApp } from '../../charts/app';

const sound = {
  engine: 'valkey',
  tls: { secret: { name: 'orders-tls' }, clientCertificates: 'off' },
  persistence: { size: '1Gi' },
  imagePullSecrets: ['registry'],
  auth: {
    secret: { name: 'orders-auth', key: 'password' },
    users: [{ name: 'reports', secret: { name: 'reports-auth', key: 'password' }, commands: ['+@read'] }],
    usersFile: { name: 'users', key: 'users.acl' },
    rotation: { overlapSeconds: 60 },
  },
  monitoring: { exporter: { env: { REDIS_EXPORTER_DEBUG: 'true' } } },
  backup: {
    destination: { s3: { bucket: 'backups', endpoint: 'https://minio', credentials: { name: 'minio' } } },
  },
  replicaOf: { host: 'old.example', auth: { user: 'copy', secret: { name: 'old-auth' } }, tls: 'off' },
};

/** Everything that a synthesis of the spec says or writes. */
function outputOf(spec: object): string {
  const text = stringify({ kind: 'Replication', metadata: { name: 'orders', namespace: 'shop' }, spec });
  const { app, problems, warnings } = buildApp([{ name: 'orders.yaml', text }]);
  const objects = app.charts.map((chart) => JSON.stringify(chart.toJson()));
  return [...objects, ...[...problems, ...warnings].map(({ message }) => message)].join('\n');
}

/** Stands nowhere else, and is the name of nothing. */
const secret = 'Hunter2!Planted';

interface Planted {
  readonly path: string;
  readonly spec: object;
}

/** The value with the secret in place of each thing in it, one at a time, and in a field beside them. */
function plantings(value: unknown, path: string): { readonly path: string; readonly value: unknown }[] {
  const here = { path, value: secret };
  if (typeof value !== 'object' || value === null) return [here];
  const entries = Object.entries(value);
  const below = entries.flatMap(([field, one]) =>
    plantings(one, `${path}.${field}`).map((planted) => ({
      path: planted.path,
      value: Array.isArray(value)
        ? value.map((item: unknown, index) => (String(index) === field ? planted.value : item))
        : { ...value, [field]: planted.value },
    })),
  );
  const beside = Array.isArray(value) ? [...(value as unknown[]), secret] : { ...value, password: secret };
  const wrapped = { path: `${path} in a block`, value: { password: secret } };
  return [here, wrapped, { path: `${path}.password`, value: beside }, ...below];
}

const places: readonly (keyof typeof sound)[] = [
  'imagePullSecrets',
  'auth',
  'monitoring',
  'backup',
  'replicaOf',
  'tls',
];

/** Words, numbers and names that nobody takes for a place of a password, and a variable's value that the exporter shows. */
const names = /^tls$|\.(user|name|host|bucket|clientCertificates|tls|overlapSeconds|REDIS_EXPORTER_DEBUG)$/;

const planted: readonly Planted[] = places.flatMap((field) =>
  plantings(sound[field], field)
    .filter(({ path }) => !names.test(path) || /(secret|credentials|usersFile)\.name$/.test(path))
    .map(({ path, value }) => ({ path, spec: { ...sound, [field]: value } })),
);

test('the spec is right as long as no secret is in it', () => {
  expect(outputOf(sound)).toContain('StatefulSet');
  expect(planted.length).toBeGreaterThan(50);
});

test.each(planted)('a password at $path is refused and not repeated', ({ spec }) => {
  const output = outputOf(spec);
  expect(output).not.toContain('StatefulSet');
  expect(output).not.toContain(secret);
});

test.each(['requirepass', 'masterauth', 'primaryauth', 'user', 'tls-key-file-pass', 'rename-command'])(
  'a password in the directive %s is refused and not repeated',
  (name) => {
    const output = outputOf({ ...sound, directives: { [name]: secret } });
    expect(output).toContain(`directives.${name}: cannot be set here`);
    expect(output).not.toContain(secret);
  },
);

test.each([
  ['a password of the exporter', { REDIS_PASSWORD: secret }],
  ['a password in an address', { REDIS_ADDR: `redis://:${secret}@orders:6379` }],
])('%s is refused and not repeated', (_name, env) => {
  const output = outputOf({ ...sound, monitoring: { exporter: { env } } });
  expect(output).toContain('monitoring.exporter.env');
  expect(output).not.toContain('StatefulSet');
  expect(output).not.toContain(secret);
});

test('a user in the address of a store is refused and not repeated', () => {
  const s3 = { ...sound.backup.destination.s3, endpoint: `https://me:${secret}@minio` };
  const output = outputOf({ ...sound, backup: { destination: { s3 } } });
  expect(output).toContain('backup.destination.s3.endpoint: must be an address');
  expect(output).not.toContain(secret);
});

const address = `redis://me:${secret}@orders:6379`;

test.each([
  ['replicaOf.host', { replicaOf: { ...sound.replicaOf, host: address } }],
  ['replicaOf', { replicaOf: address }],
  ['image', { image: `me:${secret}@registry.example/valkey:8.1` }],
  ['externalAccess.host', { externalAccess: { type: 'LoadBalancer', host: address } }],
  ['networkPolicy', { networkPolicy: address }],
  ['backup.destination.s3.bucket', { backup: { destination: { s3: { bucket: `s3://me:${secret}@b` } } } }],
])('a password in an address in place of %s is refused and not repeated', (path, change) => {
  const output = outputOf({ ...sound, ...change });
  expect(output).toContain(`spec.${path}`);
  expect(output).not.toContain('StatefulSet');
  expect(output).not.toContain(secret);
});

test.each([
  ['a second line', { directives: { hz: `10\nrequirepass ${secret}` } }],
  ['a name', { directives: { [`requirepass ${secret}`]: '' } }],
  ['a list', { directives: [`requirepass ${secret}`] }],
  ['a rule', { auth: { users: [{ name: 'app', secret: { name: 'app' }, keys: [`>${secret}`] }] } }],
])('a password in a directive or rule as %s is refused and not repeated', (_name, change) => {
  const output = outputOf({ ...sound, ...change });
  expect(output).not.toContain('StatefulSet');
  expect(output).not.toContain(secret);
});

test.each([`>${secret}`, `|${secret}`, `!h!${secret} x`, `"\\u${secret}"`, `*${secret}`])(
  'text that is no YAML and may be a password, %j, is not repeated',
  (value) => {
    const text = `kind: Secret\napiVersion: v1\nmetadata: { name: a }\nstringData:\n  password: ${value}\n`;
    const { problems } = buildApp([{ name: 'secret.yaml', text }]);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(/^not YAML: /);
    expect(problems.map(({ message }) => message).join('\n')).not.toContain(secret.slice(0, 4));
  },
);
