import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AgentConfig } from '../../../lib/contract/agent-config';
import { paths } from '../../../lib/contract/names';
import { createPasswords } from '../../../sidecar/accounts/passwords';
import { exporterPassword } from '../../../sidecar/home/exporter-access';
import { createNodeHome } from '../../../sidecar/home/node-home';
import { clusterConfig } from '../support/config';

const credential = { user: 'default', passwordFile: '/auth/password' };
const exporter = {
  user: 'keyspace-exporter',
  passwordsFile: paths.exporterPasswords,
  address: 'rediss://localhost:6379',
};
const auth = { agent: credential, replication: credential };
const withExporter = clusterConfig(1, 0, { auth: { ...auth, exporter } });

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'exporter-'));
  mkdirSync(join(home, 'auth'));
  mkdirSync(join(home, paths.run), { recursive: true });
  writeFileSync(join(home, 'auth/password'), 'main');
});

afterEach(() => rmSync(home, { recursive: true }));

const passwordsFile = () => join(home, paths.exporterPasswords);

const passwords = () => JSON.parse(readFileSync(passwordsFile(), 'utf8')) as Record<string, string>;

async function accountsFile(config: AgentConfig): Promise<string> {
  const node = config.shards[0]!.nodes[0]!.name;
  const identity = { node, namespace: 'shop', ip: '10.0.0.1', host: 'a', zone: '' };
  const passwords = createPasswords(() => config, home, performance);
  const ownAddress = () => Promise.resolve({ ip: identity.ip, ...config.ports });
  await createNodeHome(home, { identity, ownAddress, config: () => config, passwords }).writeNodeConfig(config);
  return readFileSync(join(home, paths.accounts), 'utf8');
}

test('makes a password that nobody else has, readable by the pod alone', async () => {
  const password = await exporterPassword(home, withExporter);
  expect(password).toMatch(/^[\w-]{43}$/);
  expect(statSync(passwordsFile()).mode & 0o777).toBe(0o600);
  rmSync(passwordsFile());
  expect(await exporterPassword(home, withExporter)).not.toBe(password);
});

test('keeps it as long as the pod lives: the exporter reads it once', async () => {
  const first = await exporterPassword(home, withExporter);
  expect(await exporterPassword(home, withExporter)).toBe(first);
});

test('names the server with and without the user, as old and new exporters look for it', async () => {
  const password = await exporterPassword(home, withExporter);
  expect(passwords()).toEqual({
    'rediss://localhost:6379': password,
    'rediss://keyspace-exporter@localhost:6379': password,
  });
});

test('the server gets a user with that password and few rights, and the password itself nowhere', async () => {
  const text = await accountsFile(withExporter);
  const password = passwords()[exporter.address]!;
  const hash = createHash('sha256').update(password).digest('hex');
  expect(text.split('\n')).toContain(
    `user keyspace-exporter on #${hash} resetchannels -@all +info +client|setname +cluster|info +latency|latest +latency|histogram +slowlog|len`,
  );
  expect(text).not.toContain(password);
});

test('makes neither where there is no exporter, or nobody is asked', async () => {
  for (const config of [clusterConfig(1, 0, { auth }), clusterConfig(1, 0)]) {
    expect(await exporterPassword(home, config)).toBeUndefined();
    expect(await accountsFile(config)).not.toContain('exporter');
  }
  expect(() => statSync(passwordsFile())).toThrow('ENOENT');
});
