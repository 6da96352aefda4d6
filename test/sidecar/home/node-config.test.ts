/** What only the pod knows, as directives of the server. */
import { renderNodeConfig } from '../../../sidecar/home/node-config';
import { clusterConfig } from '../support/config';

const config = clusterConfig(3, 1);
const facts = { ip: '10.0.0.1', host: 's0-0.db', replicationUser: 'replication@test/db/s0' };

test('a node lets in the replicas of its own shard, as a user that can do nothing else', () => {
  const passwords = { client: 'secret', replication: 'secret' };
  expect(renderNodeConfig(config, { ...facts, passwords })).toBe(`cluster-announce-ip "10.0.0.1"
cluster-announce-hostname "s0-0.db"
user "replication@test/db/s0" "on" "#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b" "-@all" "+psync" "+replconf" "+ping"
masteruser "replication@test/db/s0"
masterauth "secret"
requirepass "secret"
`);
});

test('without passwords it still tells its own replicas from those of others', () => {
  expect(renderNodeConfig(config, facts)).toBe(`cluster-announce-ip "10.0.0.1"
cluster-announce-hostname "s0-0.db"
user "replication@test/db/s0" "on" "nopass" "-@all" "+psync" "+replconf" "+ping"
masteruser "replication@test/db/s0"
masterauth "replication@test/db/s0"
`);
});

test('a password may hold any bytes', () => {
  const passwords = { client: 'a "b\\ \n', replication: 'ä' };
  const text = renderNodeConfig(config, { ...facts, passwords });
  expect(text).toContain('requirepass "a \\x22b\\x5c \\x0a"\n');
  expect(text).toContain('masterauth "\\xc3\\xa4"\n');
});
