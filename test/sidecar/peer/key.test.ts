import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { agentConfigSchema, type AgentConfig } from '../../../lib/contract/agent-config';
import { createPasswords } from '../../../sidecar/accounts/passwords';
import { createKeys, deriveKey } from '../../../sidecar/peer/key';
import { temporaryFolder } from '../support/certificates';
import { until } from '../support/until';

const configOf = (auth: AgentConfig['auth'], database = 'orders') =>
  agentConfigSchema.parse({
    schema: 1,
    database,
    namespace: 'shop',
    engine: { name: 'valkey', version: '8.1' },
    topology: 'cluster',
    shards: [{ name: '0', nodes: [{ name: 'orders-0-0', host: 'localhost' }] }],
    ports: { client: 6379, bus: 16379, agent: 8379 },
    auth,
    tls: 'off',
    persistence: 'off',
    nodeTimeoutMs: 5000,
  });

const credential = { user: 'default', passwordFile: '/etc/keyspace/auth/password' };

test('the key follows the mounted password; the old one is good for as long as clients may say it, and signs for half of that time', async () => {
  const home = temporaryFolder();
  mkdirSync(join(home, 'etc/keyspace/auth'), { recursive: true });
  const write = (password: string) => writeFileSync(join(home, credential.passwordFile), password);
  write('old');
  const config = configOf({ agent: credential, replication: credential, overlapSeconds: 60 });
  let now = 0;
  const keys = createKeys(
    config,
    createPasswords(() => config, home, { now: () => now }),
  );
  expect(await keys()).toEqual([deriveKey(config, 'old')]);
  write('newer');
  const [old, newer] = [deriveKey(config, 'old'), deriveKey(config, 'newer')];
  expect(await until(keys, ({ length }) => length > 1)).toEqual([old, newer]);
  now += 30_000;
  expect(await keys()).toEqual([newer, old]);
  now += 30_000;
  expect(await keys()).toEqual([newer]);
});

test('where nobody needs a password the key only keeps databases apart', async () => {
  const [orders, carts] = await Promise.all(
    [configOf('off'), configOf('off', 'carts')].map((one) => createKeys(one, () => Promise.resolve(undefined))()),
  );
  expect(orders).toEqual([deriveKey({ namespace: 'shop', database: 'orders' }, '')]);
  expect(orders).not.toEqual(carts);
});

test('a key is 256 bits, and different for names that only look alike when joined', () => {
  const key = deriveKey({ namespace: 'a', database: 'b-c' }, 'x');
  expect(key).toHaveLength(32);
  expect(key).not.toEqual(deriveKey({ namespace: 'a-b', database: 'c' }, 'x'));
});
