/** Backups of real servers, into a folder; what is in them is what a server that starts on them has. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { manifestSchema, type Manifest } from '../../sidecar/backup/manifest';
import { supportsTls, type LocalServer } from '../../sidecar/local/engines';
import { layout } from '../../sidecar/local/layout';
import { countSlots } from '../../sidecar/slots';
import { startDatabase, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { runKeyspace } from './support/keyspace';
import { loadSnapshot } from './support/load';
import { tell } from './support/progress';
import { waitFor } from './support/wait';

jest.setTimeout(180_000);

const backup = {
  destination: { volume: { claimName: 'backups' } },
  schedules: [{ name: 'nightly', cron: '0 3 * * *' }],
};
const runner = 'orders-shard-0-0';

const folderOf = ({ local }: TestDatabase): string =>
  join(layout.home(local.root, runner), 'stores/backup', local.plan.config.namespace, local.plan.config.database);

async function readManifest(database: TestDatabase): Promise<{ manifest: Manifest; folder: string }> {
  const [name = '', ...more] = await readdir(folderOf(database));
  expect(more).toEqual([]);
  const folder = join(folderOf(database), name);
  return { folder, manifest: manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))) };
}

async function fill(database: TestDatabase, keys: number): Promise<void> {
  const client = database.client();
  const numbers = Array.from({ length: keys }, (_, number) => number);
  await Promise.all(numbers.map((number) => client.set(`old:${number}`, `value ${number} ${'x'.repeat(200)}`)));
}

/** The keys of {@link fill} that have their value. */
async function countIntact(server: LocalServer, manifest: Manifest, folder: string): Promise<number> {
  const counts = manifest.shards.map(({ file }) =>
    loadSnapshot(server, join(folder, file), async (client) => {
      const keys = await client.keys('old:*');
      const values = keys.length > 0 ? await client.mget(keys) : [];
      return keys.filter((key, index) => values[index] === `value ${key.slice(4)} ${'x'.repeat(200)}`).length;
    }),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

describe.each(testEngines(['valkey-8.1', 'valkey-9.1', 'redis-7.0']))('a backup of $label', ({ label, find }) => {
  test('made under writes has every key that was there before, in files that a server starts on', async () => {
    const server = await find();
    const database = await startDatabase({ server, backup });
    await database.untilHealthy();
    await fill(database, 3000);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 200);
    const began = performance.now();
    const made = await runKeyspace(database, runner, 'backup', '--schedule', 'nightly');
    expect(made).toMatchObject({ code: 0, errors: '' });
    const { manifest, folder } = await readManifest(database);
    const bytes = manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0);
    tell(`${label}: ${bytes} bytes of 3 shards after ${Math.round(performance.now() - began)} ms`);
    expect(manifest).toMatchObject({ cause: 'schedule', schedule: 'nightly', topology: 'cluster' });
    expect(manifest.shards.map(({ role }) => role)).toEqual(['replica', 'replica', 'replica']);
    expect(countSlots(manifest.shards.flatMap(({ slots }) => slots ?? []))).toBe(16384);
    expect(await countIntact(server, manifest, folder)).toBe(3000);
    await recording.verify();
    expect(await runKeyspace(database, runner, 'backup', '--verify', 'latest')).toMatchObject({ code: 0, errors: '' });
    for (const name of ['latest', 'before/migration', '..']) {
      const refused = await runKeyspace(database, runner, 'backup', '--once', name);
      expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining(`got "${name}"`) as string });
    }
  });
});

describe.each(testEngines(['valkey-8.1']))('a backup of $label that fails', ({ find }) => {
  test('says which server went away in the middle, and leaves nothing that could be taken for a backup', async () => {
    const database = await startDatabase({ server: await find(), backup });
    await database.untilHealthy();
    await fill(database, 3000);
    const names = database.local.pods().map(({ name }) => name);
    // Microseconds a key: long enough to be in the middle.
    await Promise.all(names.map((name) => database.ask(name, 'CONFIG', 'SET', 'rdb-key-save-delay', 20_000)));
    const primary = await database.primaryOf('shard-1');
    const source = names.find((name) => name.startsWith('orders-shard-1-') && name !== primary)!;
    const running = runKeyspace(database, runner, 'backup');
    const drafts = () => readdir(folderOf(database), { recursive: true });
    await waitFor(
      'there is a part of it',
      async () => (await drafts()).some((name) => name.includes('shard-1')),
      30_000,
    );
    await database.local.pod(source).server.kill();
    const { code, errors } = await running;
    expect(code).toBe(1);
    expect(errors).toMatch(new RegExp(`^keyspace: shard-1 cannot be copied from ${source}: [^\\n]+\\n$`));
    await expect(drafts()).rejects.toThrow('ENOENT');
    expect((await runKeyspace(database, runner, 'backup', '--verify', 'latest')).errors).toMatch(
      /there is no backup\n$/,
    );
  });

  test('says what is missing where nobody said where backups go, or which of them', async () => {
    const database = await startDatabase({ server: await find() });
    const outcome = await runKeyspace(database, runner, 'backup');
    expect(outcome).toMatchObject({
      code: 1,
      errors: 'keyspace: the spec of orders has no "backup", which says where backups go\n',
    });
  });
});

describe.each(testEngines(['valkey-8.1', 'valkey-9.1']))('a backup of an encrypted $label', ({ label, find }) => {
  test('has every key', async () => {
    const server = await find();
    if (!(await supportsTls(server.file))) {
      tell(`${label} was built without TLS: left out`);
      return;
    }
    const database = await startDatabase({ server, backup, tls: true });
    await database.untilHealthy();
    await fill(database, 300);
    expect(await runKeyspace(database, runner, 'backup')).toMatchObject({ code: 0, errors: '' });
    const { manifest, folder } = await readManifest(database);
    expect(await countIntact(server, manifest, folder)).toBe(300);
  });
});
