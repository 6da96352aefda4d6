/** A changed configuration reaches servers that run. */
import { readFile, writeFile } from 'node:fs/promises';

import { paths } from '../../lib/contract/names';
import { locate } from '../../sidecar/home/paths';
import { layout } from '../../sidecar/local/layout';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

const node = 'orders-shard-1-1';

/** What every server says in the end. */
const expected = {
  'slowlog-max-len': '512',
  maxmemory: `${123 * 1024 * 1024}`,
  save: '3600 1',
  'notify-keyspace-events': 'xE',
  'proc-title-template': '{title} {config-file}',
};

describe.each(testEngines(['redis-7.0', 'redis-8.0', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1']))(
  'directives on $label',
  ({ label, find }) => {
    const fixture = useDatabase(label, async () => ({ server: await find(), directives: { 'slowlog-max-len': 64 } }));

    test('that change live are told to every server, which goes on', async () => {
      const { database } = fixture();
      const before = await startsOf(database);
      await change(database, (text) =>
        text
          .replace('slowlog-max-len 64', 'slowlog-max-len 512')
          .replace(/^maxmemory .*$/m, 'maxmemory 123mb')
          .replace(/^save .*$/m, 'save 3600 1')
          .replace(/^include/m, 'notify-keyspace-events "Ex"\nproc-title-template "{title} {config-file}"\ninclude'),
      );
      await database.until('every server has been told', async () => {
        const said = await Promise.all(database.local.pods().map(({ name }) => valuesOf(database, name)));
        return said.every((values) => JSON.stringify(values) === JSON.stringify(expected));
      });
      expect(await startsOf(database)).toEqual(before);
      // What a server has been told is what it starts with.
      await database.local.pod(node).server.kill();
      await untilWhole(database);
      expect(await valuesOf(database, node)).toEqual(expected);
    });

    test('that the engine refuses, or reads only when it starts, are said and change nothing', async () => {
      const { database } = fixture();
      await database.untilHealthy();
      const before = await startsOf(database);
      const added = 'hz fast\ntcp-backlog 99\nlatency-monitor-threshold 7\n';
      await change(database, (text) => text.replace(/^include/m, `${added}include`), [node]);
      const { reasons } = await database.until('it is said', (status) => status.reasons.length === 2);
      expect(reasons).toEqual([
        expect.stringMatching(`^${node} would not start again: it refuses hz: ERR .*hz`),
        `${node} has to start anew for a change of tcp-backlog`,
      ]);
      expect(await valueOf(database, node, 'latency-monitor-threshold')).toBe('7');
      await change(database, (text) => text.replace('hz fast', 'hz 20').replace('tcp-backlog 99\n', ''), [node]);
      // Nothing is wrong any more a moment before it has been told.
      await database.until('it has been told', async () => (await valueOf(database, node, 'hz')) === '20');
      await database.untilHealthy();
      expect(await startsOf(database)).toEqual(before);
    });
  },
);

/** Rewrites the mounted configuration file of nodes, as a kubelet would; of all of them unless told. */
async function change(
  { local: { root, pods } }: TestDatabase,
  edit: (text: string) => string,
  nodes = pods().map(({ name }) => name),
): Promise<void> {
  for (const name of nodes) {
    const file = locate(layout.home(root, name), paths.serverConfig);
    await writeFile(file, edit(await readFile(file, 'utf8')));
  }
}

const valuesOf = async (database: TestDatabase, name: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      Object.keys(expected).map(async (directive) => [directive, await valueOf(database, name, directive)] as const),
    ),
  );

const valueOf = async (database: TestDatabase, name: string, directive: string): Promise<string> =>
  ((await database.ask(name, 'CONFIG', 'GET', directive)) as string[])[1]!;

/** An id of every server's start. */
const startsOf = (database: TestDatabase): Promise<(string | undefined)[]> =>
  Promise.all(
    database.local
      .pods()
      .map(async ({ name }) => /run_id:(\w+)/.exec((await database.ask(name, 'INFO', 'server')) as string)?.[1]),
  );
