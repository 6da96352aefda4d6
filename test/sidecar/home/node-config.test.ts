/** What only the pod knows, as directives of the server. */
import { renderNodeConfig } from '../../../sidecar/home/node-config';
import { clusterConfig } from '../support/config';

const config = clusterConfig(3, 1);
const facts = {
  ip: '10.0.0.1',
  host: 's0-0.db',
  replicationUser: 'replication@test/db/s0',
  replicationPassword: 'secret',
  accountsFile: '/run/users.acl',
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
  const text = renderNodeConfig(config, { ...facts, replicationPassword: 'a "b\\ \nä' });
  expect(text).toContain('masterauth "a \\x22b\\x5c \\x0a\\xc3\\xa4"\n');
});
