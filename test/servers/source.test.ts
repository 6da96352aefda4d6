/** A database that follows a primary of another installation, and takes over from it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { layout } from '../../sidecar/local/layout';
import { startRecorder, type Write } from './support/recorder/recorder';
import { verifyWrites } from './support/recorder/verify';
import type { TestDatabase } from './support/database';
import { findKeydb, testEngines, type TestEngine } from './support/engines';
import { password, sourceAt, startFollower } from './support/follower';
import { runKeyspace } from './support/keyspace';
import { tell } from './support/progress';
import { startSource, type SourceServer } from './support/source';
import { waitFor } from './support/wait';

jest.setTimeout(240_000);

/** Nobody can write to a server with this floor; what was written goes on to whoever copies it. */
const fence = ['CONFIG', 'SET', 'min-replicas-to-write', `${2 ** 31 - 1}`] as const;

/** Copies of everything, and of what was missed, that a server has sent. */
async function copiesSent(ask: SourceServer['ask']): Promise<{ full: number; partial: number }> {
  const text = String(await ask('INFO', 'stats'));
  const read = (field: string) => Number(new RegExp(`${field}:(\\d+)`).exec(text)?.[1]);
  return { full: read('sync_full'), partial: read('sync_partial_ok') };
}

/** The node that copies the source for all others. */
const leaderOf = async (database: TestDatabase): Promise<string> => {
  const { source } = await database.until('somebody copies the source', (status) => status.source?.state === 'linked');
  return source!.node!;
};

const labelOf = ({ local }: TestDatabase, node: string): Promise<string> =>
  readFile(join(layout.platform(local.root, local.plan.config.database), 'roles', node), 'utf8').catch(() => '');

const untilLabelled = (database: TestDatabase, primaries: readonly string[]) =>
  waitFor(
    `the primaries are ${primaries.join() || 'nobody'}`,
    async () => {
      const names = database.local.pods().map((pod) => pod.name);
      const roles = await Promise.all(names.map((node) => labelOf(database, node)));
      return roles.every((role, i) => role === (primaries.includes(names[i]!) ? 'primary' : 'replica'));
    },
    20_000,
  );

/** Writes to whoever takes writes: the source, and then who took over. */
async function writeToBoth(source: SourceServer, { local }: TestDatabase) {
  const writes: Write[] = [];
  const recorder = await startRecorder({
    whole: true,
    seeds: () => [`127.0.0.1:${source.port}`, ...local.pods().map(({ address }) => `${address.ip}:${address.client}`)],
    credentials: { password },
    acknowledged: (write) => writes.push(write),
    confirmations: 0,
    paceMs: 1,
  });
  return { writes, recorder };
}

/** Each moves to the next: from one version to a newer one. */
const [redis, valkey, newest] = ['redis-7.0', 'valkey-8.1', 'valkey-9.1'].map((label) => testEngines([label])[0]) as [
  TestEngine?,
  TestEngine?,
  TestEngine?,
];
const moves = [
  [redis, valkey, 'Replication'],
  [valkey, newest, 'Standalone'],
  ...findKeydb().map((keydb) => [keydb, valkey, 'Replication'] as const),
].filter(
  (move): move is [TestEngine, TestEngine, 'Replication' | 'Standalone'] =>
    move[0] !== undefined && move[1] !== undefined,
);

describe.each(moves.map(([from, to, kind]) => ({ what: `${from.label} to ${to.label}, ${kind}`, from, to, kind })))(
  'moving in from $what',
  ({ what, from, to, kind }) => {
    test('follows, survives what happens meanwhile, and takes over without losing a write', async () => {
      const source = await startSource(await from.find(), { password });
      const spec = { kind, replicaOf: sourceAt(source.port) };
      const follower = await startFollower(await to.find(), spec);
      const { database } = follower;
      const { writes, recorder } = await writeToBoth(source, database);
      await database.untilHealthy();
      await untilLabelled(database, []);
      const first = await leaderOf(database);
      await expect(database.ask(first, 'SET', 'a', 'b')).rejects.toThrow('READONLY');
      const before = await copiesSent(source.ask);

      if (kind === 'Replication') {
        await database.local.pod(first).server.kill();
        await follower.untilSource(
          'another copies the source',
          ({ node, state }) => state === 'linked' && node !== first,
        );
        await database.untilHealthy();
        const second = await leaderOf(database);
        // Who is back in sync is noted with the next look.
        await waitFor(
          `${first} takes over again`,
          async () => {
            const { code, errors } = await runKeyspace(database, second, 'switchover', first);
            if (code !== 0) throw new Error(errors);
            return true;
          },
          20_000,
        );
        await database.untilHealthy();
        expect(await leaderOf(database)).toBe(first);
        // Nothing was copied that the others had.
        expect(await copiesSent(source.ask)).toMatchObject({ full: before.full });
      }
      await database.local.pod(await leaderOf(database)).agent.kill();
      await follower.untilSource('it is linked again', ({ state }) => state === 'linked');
      await database.until('there are writes', () => writes.length >= 1000);

      await source.ask(...fence);
      const fencedAt = performance.now();
      const status = await follower.untilSource('it has everything', ({ lagBytes }) => lagBytes === 0);
      tell(`${what}: everything is there ${Math.round(performance.now() - fencedAt)} ms after the source was fenced`);
      const leader = status.node!;
      const sentBefore = await copiesSent((...command) => database.ask(leader, ...command));
      await follower.change();
      await waitFor('it takes writes', async () => (await database.ask(leader, 'SET', 'mine', '1')) === 'OK', 20_000);
      tell(`${what}: no write for ${Math.round(performance.now() - fencedAt)} ms`);
      const { length } = writes;
      await database.until('clients write to it', () => writes.length >= length + 200);
      await recorder.stop();
      await database.untilHealthy();
      await untilLabelled(database, [leader]);
      await verifyWrites({ get: async (key) => (await database.ask(leader, 'GET', key)) as string }, writes, 1000);
      expect(await copiesSent((...command) => database.ask(leader, ...command))).toMatchObject({
        full: sentBefore.full,
      });
      expect((await database.status()).source).toBeUndefined();
    });
  },
);
