import { localizeServerConfig, relocate } from '../../../sidecar/local/pod/relocate';

const mounts = ['/run/keyspace', '/data', '/etc/keyspace/server'];
const home = '/home/me/orders-0';
const address = { ip: '127.0.0.1', client: 12_001, bus: 22_001, agent: 12_051 };

test.each([
  ['dir /data', 'dir /home/me/orders-0/data'],
  [
    'until rm "/run/keyspace/permit.1" 2>/dev/null; do sleep 1; done',
    'until rm "/home/me/orders-0/run/keyspace/permit.1" 2>/dev/null; do sleep 1; done',
  ],
  [
    'exec valkey-server /etc/keyspace/server/server.conf',
    'exec valkey-server /home/me/orders-0/etc/keyspace/server/server.conf',
  ],
  ['/data', '/home/me/orders-0/data'],
])('moves a path of a volume: %s', (text, moved) => {
  expect(relocate(text, mounts, home)).toBe(moved);
});

test.each(['/database', 'x/data', '/etc/keyspace/serverless', '/proc/sys/data', '/dev/null'])(
  'leaves another path where it is: %s',
  (text) => {
    expect(relocate(text, mounts, home)).toBe(text);
  },
);

test('a server listens on its own port, for this machine only', () => {
  expect(localizeServerConfig('bind * -::*\nport 6379\nmaxmemory 10mb\n', address)).toBe(
    'bind 127.0.0.1\nport 12001\nmaxmemory 10mb\n',
  );
});

test('a server with TLS keeps its plain port closed', () => {
  expect(localizeServerConfig('port 0\ntls-port 6379', address)).toBe('port 0\ntls-port 12001');
});

test('the bus keeps its distance from the client port, whatever the manifests say', () => {
  expect(localizeServerConfig('cluster-port 16379\nport 6379', address)).toBe('port 12001');
});

test('clients are sent to addresses, because names of pods do not resolve here', () => {
  expect(localizeServerConfig('cluster-preferred-endpoint-type hostname', address)).toBe(
    'cluster-preferred-endpoint-type ip',
  );
});
