/** Tables of servers that send clients outside: what the agents go by is where the nodes are inside. */
import type { Server } from '../../sidecar/edges';
import { createDatabaseObserver } from '../../sidecar/observe';
import type { DatabaseView, TableEntry } from '../../sidecar/view';
import { clusterConfig } from './support/config';
import { database, sound, type Sketch } from './support/views';

const config = clusterConfig(3, 1, { externalAccess: { type: 'NodePort' } });

/** Where each node sends clients. */
const outside = { hostname: '192.0.2.1', client: 30_001 };
const told = Object.fromEntries(Object.keys(sound).map((name) => [name, outside]));
const sketches: Record<string, Sketch> = Object.fromEntries(
  Object.entries(sound).map(([name, sketch]) => [name, { ...sketch, believes: told }]),
);

/** What an agent makes of such a database. */
function look(seen: DatabaseView, heeded = config): Promise<DatabaseView> {
  const nodeOf = (name: string) => seen.nodes.find((node) => node.name === name)!;
  return createDatabaseObserver({
    config: () => heeded,
    book: { locate: ({ name }) => Promise.resolve(nodeOf(name).address) },
    servers: {
      of: ({ name }) => ({ look: () => Promise.resolve(nodeOf(name).server) }) as Server,
      onLost: () => undefined,
      close: () => undefined,
    },
    peers: { report: ({ name }) => Promise.resolve(nodeOf(name).agent) },
    clock: { now: () => 0, sleep: () => Promise.resolve() },
  }).observe();
}

const tablesOf = ({ nodes }: DatabaseView) =>
  nodes.map(({ server }) => (server.state === 'up' ? server.cluster!.table : server.reason));

test('have the names and ports inside, whatever clients are told', async () => {
  expect(tablesOf(await look(database(sketches)))).toEqual(tablesOf(database(sound)));
});

test('have no name of a node that nobody can tell the name of', async () => {
  const gone = { ...outside, health: 'failed' as const };
  const [table] = tablesOf(await look(database({ ...sketches, 's0-0': { ...sound['s0-0'], believes: { gone } } })));
  expect((table as readonly TableEntry[]).find(({ id }) => id === 'gone')).toMatchObject({
    hostname: '',
    client: 6379,
  });
});

test('do not hide that somebody else answers: another database, by its name inside', async () => {
  const other = { hostname: 'orders-0.orders-headless.shop.svc.cluster.local' };
  const [table] = tablesOf(
    await look(database({ ...sketches, 's0-0': { ...sound['s0-0'], believes: { 's0-0': other } } })),
  );
  expect(table).toBe(`${other.hostname} answers at the address of s0-0`);
});

test('a name outside is a stranger where nobody is to come from there', async () => {
  const closed = clusterConfig(3, 1);
  expect(tablesOf(await look(database(sketches), closed))[0]).toBe('192.0.2.1 answers at the address of s0-0');
});
