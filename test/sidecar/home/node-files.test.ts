/** What the agent writes for the server beside it, and what it has it told. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AgentConfig } from '../../../lib/contract/agent-config';
import { agentUser, paths } from '../../../lib/contract/names';
import { hashOf, type AccountChange } from '../../../sidecar/accounts/account';
import { createPasswords } from '../../../sidecar/accounts/passwords';
import { createNodeFiles, type NodeFiles } from '../../../sidecar/home/node-files';
import { clusterConfig } from '../support/config';
import { until } from '../support/until';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'node-files-'));
  for (const folder of [paths.run, paths.data, `${paths.auth}/users`])
    mkdirSync(join(home, folder), { recursive: true });
  put('password', 'first');
  put('users/app', 'apps');
});

afterEach(() => rmSync(home, { recursive: true }));

const put = (file: string, text: string) => writeFileSync(join(home, paths.auth, file), text);
const read = (path: string) => readFileSync(join(home, path), 'utf8');

const secret = { passwordFile: `${paths.auth}/password` };
const config: AgentConfig = clusterConfig(1, 1, {
  auth: {
    agent: { user: agentUser, ...secret },
    replication: secret,
    users: [{ name: 'app', passwordFile: `${paths.auth}/users/app`, rules: ['+get'] }],
    overlapSeconds: 60,
  },
});

/** A new agent, as after a restart. */
function createFiles(current: AgentConfig = config): NodeFiles {
  const identity = { node: 's0-0', ip: '10.0.0.1', host: '', zone: '' };
  return createNodeFiles(
    home,
    identity,
    () => current,
    createPasswords(() => current, home, performance),
  );
}

const lineOf = (user: string) =>
  read(paths.accounts)
    .split('\n')
    .find((line) => line.startsWith(`user ${user} `));

const reasonOf = async (files: NodeFiles) => {
  const seen = await files.accounts();
  return seen.state === 'unclear' ? seen.reason : seen.state;
};

test('no password is in any file that the server sees, and nobody else may read these', async () => {
  await createFiles().writeNodeConfig(config);
  for (const path of [paths.accounts, paths.nodeConfig, paths.replacedPasswords]) {
    expect(read(path)).not.toMatch(/first|apps/);
    expect(statSync(join(home, path)).mode & 0o777).toBe(0o600);
  }
  expect(lineOf('app')).toBe(`user app on #${hashOf('apps')} resetkeys resetchannels -@all +get`);
});

test('what has changed is told to the server before it is written, and only that', async () => {
  const files = createFiles();
  await files.writeNodeConfig(config);
  expect(await files.accounts()).toEqual({ state: 'current' });
  put('users/app', 'changed');
  await until(files.accounts, ({ state }) => state === 'changed');
  await expect(files.updateAccounts(config, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(lineOf('app')).not.toContain(hashOf('changed'));
  const told: AccountChange[] = [];
  await files.updateAccounts(config, (change) => Promise.resolve(void told.push(change)));
  expect(told.map(({ set, remove }) => [set.map(({ name }) => name), remove])).toEqual([[['app'], []]]);
  expect(lineOf('app')).toContain(`on #${hashOf('changed')} #${hashOf('apps')} `);
  expect(await files.accounts()).toEqual({ state: 'current' });
});

test('a replaced password is still good after agent and pod were replaced', async () => {
  await createFiles().writeNodeConfig(config);
  put('password', 'second');
  await createFiles().writeNodeConfig(config);
  rmSync(join(home, paths.run), { recursive: true });
  mkdirSync(join(home, paths.run));
  await createFiles().writeNodeConfig(config);
  expect(lineOf('default')).toContain(`on #${hashOf('second')} #${hashOf('first')} `);
});

test('a volume that cannot be written keeps no server from starting', async () => {
  rmSync(join(home, paths.data), { recursive: true });
  await createFiles().writeNodeConfig(config);
  expect(existsSync(join(home, paths.data))).toBe(false);
  expect(lineOf('default')).toContain(hashOf('first'));
});

test('says what is not in order, and writes nothing then', async () => {
  put('users/app', '');
  const files = createFiles();
  expect(await reasonOf(files)).toBe('the password of "app" is empty');
  await expect(files.writeNodeConfig(config)).rejects.toThrow('is empty');
  expect(existsSync(join(home, paths.accounts))).toBe(false);
  rmSync(join(home, paths.auth, 'users/app'));
  expect(await reasonOf(createFiles())).toContain('users/app is not there: a Secret that is new to a pod');
});
