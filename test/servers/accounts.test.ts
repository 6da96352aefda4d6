/** Who is let in by real servers, with what rights, and what becomes of clients and replicas when passwords change. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import Redis from 'ioredis';

import type { ClusterProps } from '../../lib';
import { agentUser, authFiles, paths } from '../../lib/contract/names';
import { derivePassword } from '../../sidecar/accounts/derived-password';
import { locate } from '../../sidecar/home/paths';
import { layout } from '../../sidecar/local/layout';
import { parseFields } from '../../sidecar/server/info';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { findServedKey } from './support/serving';
import { waitFor } from './support/wait';
import { untilWhole } from './support/wholeness';

jest.setTimeout(180_000);

const everyEngine = testEngines(['redis-7.0', 'redis-8.0', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1']);

const overlapSeconds = 20;

/** What agents need for all they do is taken from everybody else. */
const auth = {
  secret: { name: 'orders-auth' },
  users: [
    {
      name: 'reports',
      secret: { name: 'orders-reports' },
      keys: ['%R~order:*'],
      channels: ['news'],
      commands: ['+@all'],
    },
  ],
  usersFile: { name: 'orders-users' },
  deniedCommands: ['flushall', 'config|set', 'cluster|meet', 'cluster|failover', 'cluster|replicate', 'acl|setuser'],
  rotation: { overlapSeconds },
} satisfies ClusterProps['auth'];

const usersFile = 'user own on >theirs ~own:* resetchannels -@all +get +set +flushall (~order:* +get)\n';

/** Writes a Secret before anything runs. */
async function putSecret(root: string, name: string, key: string, text: string): Promise<void> {
  const file = join(layout.secret(root, name), key);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function putSecrets(root: string): Promise<void> {
  await putSecret(root, 'orders-auth', 'password', 'first "of\\ all');
  await putSecret(root, 'orders-reports', 'password', 'reports');
  await putSecret(root, 'orders-users', 'users.acl', usersFile);
}

/** What a kubelet does when a Secret has changed. */
const mount = async ({ local }: TestDatabase, node: string, file: string, text: string): Promise<void> =>
  writeFile(locate(layout.home(local.root, node), `${paths.auth}/${file}`), text);

const clients: Redis[] = [];

afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));

/** Rejects with what the server says. */
async function signIn({ local }: TestDatabase, node: string, username: string, password: string): Promise<Redis> {
  const { ip, client: port } = local.pod(node).address;
  const client = new Redis({
    host: ip,
    port,
    username,
    password,
    protocol: 2,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disableClientInfo: true,
    disconnectTimeout: 100,
  });
  let cause: unknown;
  client.on('error', (error) => (cause = error));
  clients.push(client);
  await client.connect().catch((error: unknown) => {
    throw cause ?? error;
  });
  return client;
}

const denied = /^NOPERM/;

describe.each(everyEngine)('users on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find(), auth, prepare: putSecrets }));

  const primaryOfKey = async (key: string): Promise<string> => {
    const { database } = fixture();
    for (const { name } of database.local.pods()) {
      const served = await database.ask(name, 'SET', key, '1').catch(() => undefined);
      if (served === 'OK') return name;
    }
    throw new Error(`nobody takes ${key}`);
  };

  test('clients may do everything but what is denied', async () => {
    const { database } = fixture();
    const node = await primaryOfKey('order:1');
    const client = await signIn(database, node, 'default', 'first "of\\ all');
    expect(await client.call('GET', 'order:1')).toBe('1');
    expect(await client.call('CONFIG', 'GET', 'maxmemory')).toHaveLength(2);
    const refused: readonly [string, ...string[]][] = [
      ['FLUSHALL'],
      ['CONFIG', 'SET', 'maxmemory', '0'],
      ['CLUSTER', 'MEET', '127.0.0.1', '1'],
      ['ACL', 'SETUSER', 'default', 'nopass'],
    ];
    for (const command of refused) await expect(client.call(...command)).rejects.toThrow(denied);
  });

  test('a user of the spec may do just what it says, and nothing that is denied', async () => {
    const { database } = fixture();
    const node = await primaryOfKey('order:1');
    const client = await signIn(database, node, 'reports', 'reports');
    expect(await client.call('GET', 'order:1')).toBe('1');
    expect(await client.call('PUBLISH', 'news', 'text')).toEqual(expect.any(Number));
    await expect(client.call('SET', 'order:1', '2')).rejects.toThrow(denied);
    await expect(client.call('GET', '{order:1}')).rejects.toThrow(denied);
    await expect(client.call('PUBLISH', 'other', 'text')).rejects.toThrow(denied);
    await expect(client.call('FLUSHALL')).rejects.toThrow(denied);
  });

  test('a user of the file may do what the file says', async () => {
    const { database } = fixture();
    const node = await primaryOfKey('own:1');
    const client = await signIn(database, node, 'own', 'theirs');
    expect(await client.call('SET', 'own:1', '2')).toBe('OK');
    await expect(client.call('SET', 'order:1', '2')).rejects.toThrow(denied);
    await expect(client.call('PING')).rejects.toThrow(denied);
  });

  test('nobody knows the password of the agents or finds the one of the database', async () => {
    const { database } = fixture();
    const { name } = database.local.pods()[0]!;
    await expect(signIn(database, name, agentUser, 'first "of\\ all')).rejects.toThrow(/^WRONGPASS/);
    const [, found] = (await database.ask(name, 'CONFIG', 'GET', 'masterauth')) as [string, string];
    expect(found).not.toContain('first');
    expect(found).toHaveLength(43);
    await expect(signIn(database, name, 'default', found)).rejects.toThrow(/^WRONGPASS/);
  });

  test('agents hand a primary over and bring it back when it is killed', async () => {
    const { database } = fixture();
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 300);
    const primary = await database.primaryOf('shard-1');
    await database.local.pod(primary).server.kill();
    const accounts = await untilWhole(database);
    expect(accounts.find(({ node }) => node === primary)?.self.role).toBe('replica');
    await recording.verify(300);
  });

  test('agents move slots key by key', async () => {
    const { database } = fixture();
    const { config } = database.local.plan;
    const [source, target] = await Promise.all(['shard-0', 'shard-2'].map(database.primaryOf));
    const accounts = await untilWhole(database);
    const [from, to] = [source, target].map((name) => accounts.find(({ node }) => node === name)!.self);
    const password = derivePassword(config, 'agent', 'first "of\\ all');
    const agent = await signIn(database, source!, agentUser, password);
    const key = `{${await findServedKey(database, source!)}}`;
    await database.ask(source!, 'RPUSH', `list:${key}`, 'a', 'b');
    const slot = Number(await agent.call('CLUSTER', 'KEYSLOT', `list:${key}`));
    const { ip, client: port } = database.local.pod(target!).address;
    const receiver = await signIn(database, target!, agentUser, password);
    await receiver.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from!.id);
    await agent.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to!.id);
    const keys = (await agent.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
    await agent.call('MIGRATE', ip, port, '', 0, 1000, 'AUTH2', agentUser, password, 'KEYS', ...keys);
    await receiver.call('CLUSTER', 'SETSLOT', slot, 'NODE', to!.id);
    await agent.call('CLUSTER', 'SETSLOT', slot, 'NODE', to!.id);
    const length = () => database.ask(target!, 'LLEN', `list:${key}`);
    await waitFor('the list is there', async () => (await length()) === 2, 20_000);
  });

  test('agents do to servers all that they have to, and cannot read what is in a key', async () => {
    const { database } = fixture();
    const node = await database.primaryOf('shard-1');
    const password = derivePassword(database.local.plan.config, 'agent', 'first "of\\ all');
    const agent = await signIn(database, node, agentUser, password);
    const may: readonly [string, ...string[]][] = [
      ['CLIENT', 'PAUSE', '1', 'WRITE'],
      ['WAIT', '0', '1'],
      ['ROLE'],
      ['BGSAVE'],
      ['LASTSAVE'],
      ['MEMORY', 'USAGE', 'key'],
      ['REPLICAOF', 'NO', 'ONE'],
      ['FAILOVER', 'ABORT'],
    ];
    const refusals = may.map((command) =>
      agent.call(...command).then(
        () => '',
        (error: unknown) => String(error),
      ),
    );
    expect((await Promise.all(refusals)).join()).not.toContain('NOPERM');
    const mayNot: readonly [string, ...string[]][] = [['GET', 'key'], ['FLUSHALL'], ['MONITOR']];
    for (const command of mayNot) await expect(agent.call(...command)).rejects.toThrow(denied);
  });

  /** Links between primary and replica that were made since the servers started. */
  async function countLinks({ local, ask }: TestDatabase): Promise<number> {
    const texts = await Promise.all(local.pods().map(({ name }) => ask(name, 'INFO', 'stats')));
    return texts
      .map((text) => parseFields(String(text)))
      .reduce((sum, fields) => sum + Number(fields.get('sync_full')) + Number(fields.get('sync_partial_ok')), 0);
  }

  const isIn = (database: TestDatabase, node: string, user: string, password: string): Promise<boolean> =>
    signIn(database, node, user, password).then(
      () => true,
      () => false,
    );

  test('passwords change under writes: nobody is turned away, no link is lost, and the old ones end', async () => {
    const { database } = fixture();
    const names = database.local.pods().map(({ name }) => name);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 300);
    const links = await countLinks(database);
    const kept = await signIn(database, names[0]!, 'default', 'first "of\\ all');
    const typed = await signIn(database, names[0]!, 'reports', 'reports');
    for (const name of names) {
      await mount(database, name, authFiles.password, 'second');
      await mount(database, name, authFiles.user('reports'), 'changed');
      await delay(300); // kubelets do not agree on a moment
    }
    const both = async (node: string) =>
      (await isIn(database, node, 'default', 'second')) && (await isIn(database, node, 'reports', 'changed'));
    await waitFor(
      'the new passwords are good everywhere',
      async () => (await Promise.all(names.map(both))).every(Boolean),
      10_000,
    );
    expect(await isIn(database, names[0]!, 'default', 'first "of\\ all')).toBe(true);
    expect(await isIn(database, names[0]!, 'reports', 'reports')).toBe(true);
    await database.untilHealthy();
    expect(await kept.call('DBSIZE')).toEqual(expect.any(Number));
    expect(await typed.call('DBSIZE')).toEqual(expect.any(Number));
    const primary = await database.primaryOf('shard-2');
    expect(await countLinks(database)).toBe(links);
    await database.local.pod(primary).server.kill();
    await untilWhole(database);
    await recording.verify(300);
    await waitFor(
      'the old passwords are good nowhere',
      async () => {
        const old = names.map((name) => isIn(database, name, 'default', 'first "of\\ all'));
        return (await Promise.all(old)).every((good) => !good);
      },
      (overlapSeconds + 20) * 1000,
    );
    expect(await isIn(database, names[0]!, 'reports', 'reports')).toBe(false);
    expect(await kept.call('DBSIZE')).toEqual(expect.any(Number));
    await database.untilHealthy();
  });

  test('users of the file come and go on a running server, and one that is none changes nothing', async () => {
    const { database } = fixture();
    const { name } = database.local.pods()[0]!;
    await mount(database, name, authFiles.users, 'user other on >theirs +ping\n');
    await waitFor('the new user is in', () => isIn(database, name, 'other', 'theirs'), 10_000);
    expect(await isIn(database, name, 'own', 'theirs')).toBe(false);
    await mount(database, name, authFiles.users, 'user other on >theirs +ping\nnobody on >hunter2\n');
    const status = await database.until('the status says so', ({ reasons }) =>
      reasons.some((reason) => reason.includes('line 2 of the users file')),
    );
    expect(status).toMatchObject({ health: 'Warning' });
    expect(JSON.stringify(status)).not.toContain('hunter2');
    expect(await isIn(database, name, 'other', 'theirs')).toBe(true);
    await database.local.pod(name).server.kill();
    await database.until('it is held', ({ nodes }) =>
      nodes.some((node) => node.name === name && node.state === 'held'),
    );
    await delay(2_000);
    await expect(signIn(database, name, 'other', 'theirs')).rejects.toThrow('ECONNREFUSED');
    await mount(database, name, authFiles.users, usersFile);
    await database.untilHealthy();
    expect(await isIn(database, name, 'own', 'theirs')).toBe(true);
  });
});
