/** Slots that the engine itself moves between servers that know each other's replicas by name. */
import { readFileSync } from 'node:fs';

import { Redis } from 'ioredis';

import { migrationUser } from '../../lib/contract/names';
import { derivePassword } from '../../sidecar/accounts/derived-password';
import { locate } from '../../sidecar/home/paths';
import { layout } from '../../sidecar/local/layout';
import { replicationUserOf } from '../../sidecar/replication-user';
import { parseMigrations } from '../../sidecar/server/migrations';
import { countSlots } from '../../sidecar/slots';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { waitFor } from './support/wait';
import { untilWhole } from './support/wholeness';

jest.setTimeout(180_000);

const boundMs = 90_000;
const user = migrationUser('shop', 'orders');

/** Names with every byte, and with what ends a word on the wire. */
const oddKeys = Array.from({ length: 512 }, (_, index) =>
  Buffer.concat([Buffer.from([index % 256]), Buffer.from(`\r\n$3\r\n\0${index}`)]),
);

const replicationPassword = ({ local: { plan, root, pod } }: TestDatabase, node: string): string => {
  const { auth } = plan.config;
  if (auth === 'off') throw new Error('this database has no passwords');
  const password = readFileSync(locate(layout.home(root, pod(node).name), auth.agent.passwordFile), 'utf8');
  return derivePassword(plan.config, 'replication', password);
};

const valueOf = async (database: TestDatabase, node: string, directive: string): Promise<string> =>
  ((await database.ask(node, 'CONFIG', 'GET', directive)) as string[])[1] ?? '';

const linkOf = async (database: TestDatabase, node: string): Promise<string | undefined> =>
  /master_link_status:(\w+)/.exec(String(await database.ask(node, 'INFO', 'replication')))?.[1];

describe.each(testEngines(['valkey-9.1']))('the own slot migration of $label, with passwords', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find() }));

  test('moves every slot, and leaves every server signed in as one of its own shard', async () => {
    const { database } = fixture();
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 500);
    await database.apply({ shards: 4 });
    await database.until('the new shard has its share', ({ nodes }) => nodes.some(isFull), boundMs);
    const accounts = await untilWhole(database, boundMs);
    const sources = accounts.filter(({ self, node }) => self.role === 'primary' && !node.includes('shard-3'));
    const lists = await Promise.all(
      sources.map(async ({ node }) =>
        parseMigrations((await database.ask(node, 'CLUSTER', 'GETSLOTMIGRATIONS')) as unknown[], 0),
      ),
    );
    expect(lists.flat().map(({ state, reason }) => ({ state, reason }))).toEqual(
      lists.flat().map(() => ({ state: 'done', reason: '' })),
    );
    expect(countSlots(lists.flat().flatMap(({ slots }) => [...slots]))).toBe(4096);
    for (const { node } of accounts) {
      expect(await valueOf(database, node, 'masteruser')).toBe(replicationUserOf(node, database.local.plan.config));
    }
    await recording.verify();
  });

  test('has a user that can copy and read nothing', async () => {
    const { database } = fixture();
    const node = await database.primaryOf('shard-3');
    const { ip, client } = database.local.pod(node).address;
    const redis = new Redis({
      host: ip,
      port: client,
      username: user,
      password: replicationPassword(database, node),
      lazyConnect: true,
      enableReadyCheck: false,
      retryStrategy: null,
    });
    await redis.connect();
    try {
      for (const words of [
        ['PSYNC', '?', '-1'],
        ['SYNC'],
        ['REPLCONF', 'capa', 'psync2'],
        ['GET', 'a'],
        ['FLUSHALL'],
      ]) {
        await expect(redis.call(words[0]!, ...words.slice(1))).rejects.toThrow('NOPERM');
      }
    } finally {
      redis.disconnect();
    }
  });

  test('does not let a replica of another shard copy, as whoever it signs in', async () => {
    const { database } = fixture();
    const [stranger, primary] = ['orders-shard-0', await database.primaryOf('shard-3')];
    const accounts = await untilWhole(database);
    const replica = accounts.find(({ node, self }) => node.startsWith(stranger) && self.role === 'replica')!.node;
    const log = () => readFileSync(layout.log(database.local.root, replica, 'server'), 'utf8');
    for (const { agent } of database.local.pods()) agent.pause();
    try {
      await database.ask(replica, 'CONFIG', 'SET', 'masteruser', user);
      await database.ask(replica, 'CLUSTER', 'REPLICATE', String(await database.ask(primary, 'CLUSTER', 'MYID')));
      await waitFor('the replica has been refused', () => Promise.resolve(log().includes('NOPERM')), 30_000);
      expect(await linkOf(database, replica)).toBe('down');
    } finally {
      for (const { agent } of database.local.pods()) agent.resume();
    }
    await untilWhole(database, boundMs);
  });
});

describe.each(testEngines(['valkey-8.1', 'valkey-9.1']))(
  'slots between encrypted servers of $label',
  ({ label, find }) => {
    const fixture = useDatabase(`${label}, encrypted`, async () => ({ server: await find(), tls: true, shards: 4 }));

    test('move with every key', async () => {
      const { database } = fixture();
      const redis = database.client();
      await Promise.all(oddKeys.map((key) => redis.set(key, key)));
      const recording = await database.record();
      await database.until('there are writes', () => recording.confirmed() >= 500);
      const { ended } = await database.apply({ tls: true, shards: 3 });
      await ended;
      await untilWhole(database, boundMs);
      await recording.verify();
      expect(await Promise.all(oddKeys.map((key) => redis.getBuffer(key)))).toEqual(oddKeys);
    });
  },
);

const isFull = ({ shard, slotCount }: { readonly shard: string; readonly slotCount: number }): boolean =>
  shard === 'shard-3' && slotCount === 4096;
