/** Backups of real servers, into a folder; what is in them is what a server that starts on them has. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { manifestSchema, type Manifest } from '../../sidecar/backup/manifest';
import type { LocalServer } from '../../sidecar/local/engines';
import { layout } from '../../sidecar/local/layout';
import { countSlots } from '../../sidecar/slots';
import { startDatabase, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { runKeyspace } from './support/keyspace';
import { loadSnapshot } from './support/load';
import { tell } from './support/progress';

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
  });
});
