/** A source that loses its power before what it gave away is on its disk. `KEYSPACE_LONG=1` on more engines. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { paths } from '../../lib/contract/names';
import { locate } from '../../sidecar/home/paths';
import { layout } from '../../sidecar/local/layout';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { inLongRun } from './support/long-run';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

jest.setTimeout(240_000);

const boundMs = 120_000;
const source = 'orders-shard-0-0';
const keys = Array.from({ length: 3000 }, (_, index) => `key ${index}`);

describe.each(testEngines(inLongRun(['valkey-8.1', 'valkey-9.1', 'redis-7.0', 'redis-8.0'], ['redis-8.0'])))(
  'a source on $label',
  ({ label, find }) => {
    const fixture = useDatabase(label, async () => ({ server: await find(), replicasPerShard: 0 }));

    test('comes back with keys that it had given away, and what was deleted since stays deleted', async () => {
      const { database } = fixture();
      const { local, client } = database;
      const redis = client();
      for (const key of keys) await redis.set(key, 'old');
      const log = join(locate(layout.home(local.root, source), paths.data), 'appendonlydir');
      const copy = join(local.root, 'appendonlydir');
      await cp(log, copy, { recursive: true });

      await database.apply({ shards: 4, replicasPerShard: 0 });
      await database.until('the new shard has its share', ({ nodes }) => nodes.some(isFull), boundMs);
      await untilWhole(database, boundMs);
      const [gone, changed] = [keys.slice(0, 1000), keys.slice(1000, 2000)];
      for (const key of changed) await redis.set(key, 'new');
      for (const key of gone) await redis.del(key);
      // What the source itself still serves is as it was: only what it gave away has a newer owner.
      const served = new Set<string>();
      for (const key of keys) if (await isServedBy(source, key)) served.add(key);

      await local.pod(source).lose();
      await rm(log, { recursive: true });
      await cp(copy, log, { recursive: true });
      await local.start(source);
      const began = performance.now();
      await database.until('the source is back', ({ nodes }) => nodes.every(({ state }) => state === 'up'), boundMs);
      tell(`${label}: ${String(await database.ask(source, 'DBSIZE'))} keys came back`);
      await database.until('nothing is left over', async () => !(await isMarked()), boundMs);
      await untilWhole(database, boundMs);
      tell(`${label}: whole ${Math.round(performance.now() - began)} ms after the source was started`);
      expect(Number(await database.ask(source, 'DBSIZE'))).toBe(served.size);
      const elsewhere = keys.filter((key) => !served.has(key));
      const expected = (key: string) => (gone.includes(key) ? null : changed.includes(key) ? 'new' : 'old');
      for (const key of elsewhere) expect([key, await redis.get(key)]).toEqual([key, expected(key)]);

      async function isMarked(): Promise<boolean> {
        const table = String(await database.ask(source, 'CLUSTER', 'NODES'));
        return table.includes('-<-');
      }
      async function isServedBy(node: string, key: string): Promise<boolean> {
        const asked = database.ask(node, 'EXISTS', key);
        return asked.then(
          () => true,
          () => false,
        );
      }
    });
  },
);

const isFull = ({ shard, slotCount }: { readonly shard: string; readonly slotCount: number }): boolean =>
  shard === 'shard-3' && slotCount === 4096;
