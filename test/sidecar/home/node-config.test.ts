/** What only the pod knows, as directives of the server. */
import { renderNodeConfig, renderSentinelNode, renderStartRole } from '../../../sidecar/home/node-config';
import { clusterConfig } from '../support/config';

const config = clusterConfig(3, 1);
const facts = {
  name: 's0-0',
  ip: '10.0.0.1',
  host: 's0-0.db',
  signIn: { user: 'replication@test/db/s0', password: 'secret' },
  accountsFile: '/run/users.acl',
  roleFile: '/run/role.conf',
};

test('a node says where it is, who it is where it copies, and where the file of its users is', () => {
  expect(renderNodeConfig(config, facts)).toBe(`cluster-announce-ip "10.0.0.1"
cluster-announce-hostname "s0-0.db"
aclfile "/run/users.acl"
masteruser "replication@test/db/s0"
masterauth "secret"
`);
});

test('a password may hold any bytes', () => {
  const text = renderNodeConfig(config, { ...facts, signIn: { user: 'default', password: 'a "b\\ \nä' } });
  expect(text).toContain('masterauth "a \\x22b\\x5c \\x0a\\xc3\\xa4"\n');
});

test('where the agents decide who is primary, a server starts as they say, and takes no writes', () => {
  expect(renderNodeConfig({ ...config, topology: 'replication' }, facts)).toMatch(/\ninclude "\/run\/role.conf"\n$/);
  expect(renderStartRole('primary')).toBe('min-replicas-to-write "2147483647"\n');
  expect(renderStartRole({ follow: { ip: '10.0.0.2', client: 6379 } })).toBe(
    'min-replicas-to-write "2147483647"\nreplicaof "10.0.0.2" "6379"\n',
  );
  expect(renderStartRole({ follow: { ip: '127.1', client: 7000 }, alone: true })).toBe('replicaof "127.1" "7000"\n');
  expect(renderStartRole('alone')).toBe('');
});

test('a node whose priority the spec names starts with it, where that decides anything', () => {
  const named = { ...config, replicaPriorities: { 's0-0': 0 } };
  expect(renderNodeConfig({ ...named, topology: 'sentinel' }, facts)).toMatch(/^replica-priority "0"\n/);
  expect(renderNodeConfig({ ...named, topology: 'sentinel' }, { ...facts, name: 's0-1' })).not.toContain('priority');
  expect(renderNodeConfig(named, facts)).not.toContain('priority');
});

test('with Sentinels everybody announces the address of a Service, and a Sentinel is always who it was', () => {
  const announced = { ip: '10.96.0.7', client: 26379, bus: 0, agent: 0 };
  const text = renderNodeConfig({ ...config, topology: 'sentinel' }, { ...facts, announced });
  expect(text).toMatch(/^replica-announce-ip "10.96.0.7"\nreplica-announce-port "26379"\n/);
  const signIn = { user: 'sentinel@test/db', password: 'secret' };
  expect(renderSentinelNode(config, { ...facts, id: 'abc', announced, signIn })).toBe(`aclfile "/run/users.acl"
sentinel "myid" "abc"
sentinel "announce-ip" "10.96.0.7"
sentinel "announce-port" "26379"
sentinel "sentinel-user" "sentinel@test/db"
sentinel "sentinel-pass" "secret"
`);
});
