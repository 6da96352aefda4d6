import { engines, type Engine } from '../../../lib/contract/engines';
import {
  defaultDirectives,
  ownedDirectives,
  renderServerConfig,
  type ServerConfigProps,
} from '../../../lib/resources/server-config';
import { whyReserved } from '../../../lib/spec/rules/directives';
import { knowsDirective } from '../../../lib/spec/known-directives';

const props: ServerConfigProps = {
  engine: { name: 'valkey', version: '8.1' },
  tls: 'off',
  persistence: { appendOnly: { fsync: 'everysec' }, snapshots: [] },
  modules: [],
  maxMemoryBytes: 100,
  maxMemoryPolicy: 'noeviction',
  replicas: 1,
  cluster: { nodeTimeoutMs: 5000 },
  directives: {},
};

const withTls = { ...props, tls: { clientCertificates: 'required' } } as const;

const lines = (change: Partial<ServerConfigProps> = {}) => renderServerConfig({ ...props, ...change }).split('\n');

const known: Engine[] = (['valkey', 'redis', 'keydb'] as const).flatMap((name) =>
  engines[name].versions.map((version) => ({ name, version })),
);

test.each(known)('writes only directives that $name $version knows', (engine) => {
  for (const change of [props, withTls, { ...props, persistence: 'off' as const }]) {
    const tls = ['6.2', '6.3'].includes(engine.version) ? 'off' : change.tls;
    const names = lines({ ...change, tls, engine }).map((line) => line.split(' ')[0]!);
    expect(names.filter((name) => !['include', ''].includes(name) && !knowsDirective(engine, name))).toEqual([]);
  }
});

test('a spec can set every default otherwise, and nothing else of it', () => {
  for (const kind of [{}, { agentLed: true }, { multiMaster: true }])
    expect(ownedDirectives({ ...withTls, ...kind }).filter(([name]) => whyReserved(name) === undefined)).toEqual([]);
  expect(defaultDirectives(withTls).filter(([name]) => whyReserved(name) !== undefined)).toEqual([]);
  const text = lines({ directives: { 'cluster-require-full-coverage': 'yes' } });
  expect(text.filter((line) => line.startsWith('cluster-require'))).toEqual(['cluster-require-full-coverage yes']);
});

test('has primaries speak every second where agents judge links', () => {
  const ping = 'repl-ping-replica-period 1';
  const kinds = [{}, { agentLed: true }, { multiMaster: true }];
  expect(lines().includes(ping)).toBe(true);
  expect(kinds.map((kind) => lines({ cluster: undefined, ...kind }).includes(ping))).toEqual([false, true, true]);
});

test('ends with what only the pod knows, so that nothing overrides it', () => {
  const text = lines({ directives: { 'zset-max-listpack-entries': 64, activedefrag: 'yes' } });
  expect(text.slice(-4)).toEqual([
    'activedefrag yes',
    'zset-max-listpack-entries 64',
    'include /run/keyspace/node.conf',
    '',
  ]);
});

test('writes free directives in one order, however a spec orders them', () => {
  const one = renderServerConfig({ ...props, directives: { timeout: 5, hz: 20 } });
  expect(renderServerConfig({ ...props, directives: { hz: 20, timeout: 5 } })).toBe(one);
});

test('keeps data in an append-only file, or none at all', () => {
  expect(lines()).toEqual(expect.arrayContaining(['appendonly yes', 'appendfsync everysec', 'save ""']));
  const off = lines({ persistence: 'off' });
  expect(off).toEqual(expect.arrayContaining(['appendonly no', 'save ""']));
  expect(off.join()).not.toContain('appendfsync');
});

test('opens no port in the clear with TLS, and redirects clients to names that certificates hold', () => {
  expect(lines(withTls)).toEqual(
    expect.arrayContaining([
      'port 0',
      'tls-port 6379',
      'tls-cluster yes',
      'tls-replication yes',
      'tls-auth-clients yes',
      'tls-cert-file /etc/keyspace/tls/tls.crt',
      'cluster-preferred-endpoint-type hostname',
    ]),
  );
});

test.each([
  ['required', 'yes'],
  ['optional', 'optional'],
  ['off', 'no'],
] as const)('client certificates %s are tls-auth-clients %s', (clientCertificates, value) => {
  expect(lines({ tls: { clientCertificates } })).toContain(`tls-auth-clients ${value}`);
});

test('keeps replicas with their shard, whichever way the version has for it', () => {
  expect(lines()).toContain('cluster-allow-replica-migration no');
  expect(lines({ engine: { name: 'keydb', version: '6.3' } })).toContain('cluster-migration-barrier 999999');
});

test('says nothing of clusters where there is none', () => {
  expect(lines({ cluster: undefined }).filter((line) => line.startsWith('cluster-'))).toEqual([]);
});
