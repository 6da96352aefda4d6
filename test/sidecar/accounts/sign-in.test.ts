/** As whom a server copies others. */
import { derivePassword } from '../../../sidecar/accounts/derived-password';
import { signInOf } from '../../../sidecar/accounts/sign-in';
import { clusterConfig } from '../support/config';
import { meshConfig } from '../support/mesh';

const peers = [{ host: 'east.example', port: 6379 }];

test('as a user of replicas, with a password of their own', () => {
  const config = meshConfig(2);
  const password = derivePassword(config, 'replication', 'secret');
  expect(signInOf(config, 'replication@test/db/s0', 'secret')).toEqual({ user: 'replication@test/db/s0', password });
});

test('as the user that peers know, with the password that both have', () => {
  expect(signInOf(meshConfig(2, { peers }), 'replication@test/db/s0', 'secret')).toEqual({
    user: 'default',
    password: 'secret',
  });
});

test('without a password where there is none: peers know no user but "default", and others want the name said', () => {
  expect(signInOf(meshConfig(2, { peers }), 'replication@test/db/s0')).toEqual({ user: 'default', password: '' });
  expect(signInOf(clusterConfig(3, 1), 'replication@test/db/s0').password).toBe('replication@test/db/s0');
});
