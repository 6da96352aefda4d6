/** Kind `MultiMaster`: every node takes writes, and each has what the others have. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { layout } from '../../sidecar/local/layout';
import { readManifests } from '../../sidecar/local/manifests';
import { startDatabase, type TestDatabase } from './support/database';
import { describeOnKeydb } from './support/engines';
import { meshNode, startMeshWriter, synthesizeMesh, untilWriter, writersOf, type MeshWriter } from './support/mesh';
import { tell } from './support/progress';

jest.setTimeout(180_000);

const nodes = [meshNode(0), meshNode(1)];

/** Far more than any end takes here. Milliseconds. */
const graceMs = 60_000;

type Spec = Parameters<typeof synthesizeMesh>[0];

describeOnKeydb('a mesh', (find) => {
  async function start(spec: Spec = {}): Promise<TestDatabase> {
    const began = performance.now();
    const database = await startDatabase({ server: await find(), manifests: synthesizeMesh(spec) });
    await database.untilHealthy();
    tell(`a mesh is whole after ${Math.round(performance.now() - began)} ms`);
    return database;
  }

  /** Writers at every node, which have begun. */
  async function write(database: TestDatabase): Promise<readonly MeshWriter[]> {
    const writers = nodes.map((node) => startMeshWriter(database, node));
    await database.until('all nodes take writes', () => writers.every((writer) => writer.answered() > 200));
    return writers;
  }

  const loseVolume = async ({ local }: TestDatabase, node: string): Promise<void> => {
    await local.pod(node).lose();
    await rm(join(layout.home(local.root, node), 'data'), { recursive: true });
  };

  const verify = async (writers: readonly MeshWriter[], among = nodes): Promise<void> => {
    for (const writer of writers) await writer.verify(among);
  };

  test('takes writes at all nodes under passwords and TLS, and one of them is where writers are sent', async () => {
    const database = await start({ nodes: 3, tls: { secret: { name: 'board-tls' }, clientCertificates: 'required' } });
    const writers = await write(database);
    await untilWriter(database);
    await verify(writers, [...nodes, meshNode(2)]);
    await delay(2_000);
    expect(await writersOf(database)).toHaveLength(1);
  });

  test('loses nothing when a server is killed; writers are sent to the other, and stay there', async () => {
    const database = await start();
    const writer = await untilWriter(database);
    const writers = await write(database);
    await database.local.pod(writer).server.kill();
    const other = await untilWriter(database, (node) => node !== writer);
    await database.untilHealthy();
    await delay(3_000);
    expect(await writersOf(database)).toEqual([other]);
    await verify(writers);
  });

  test('sends writers where the spec says, once that node has what the others have', async () => {
    const database = await start({ preferredWriter: meshNode(1) });
    await untilWriter(database, (node) => node === meshNode(1));
    const writers = await write(database);
    await database.local.pod(meshNode(1)).server.kill();
    await untilWriter(database, (node) => node === meshNode(0));
    await untilWriter(database, (node) => node === meshNode(1));
    await verify(writers);
  });

  test('loses nothing when a server hangs for 2 s, or for 20 s', async () => {
    const database = await start({ nodeTimeoutMs: 5000 });
    const writer = await untilWriter(database);
    const writers = await write(database);
    const { server } = database.local.pod(writer);
    server.pause();
    await delay(2_000);
    server.resume();
    await database.untilHealthy();
    expect(await writersOf(database)).toEqual([writer]);
    server.pause();
    await untilWriter(database, (node) => node !== writer);
    await delay(15_000);
    server.resume();
    await database.untilHealthy();
    await verify(writers);
  });

  test('has every write back when all servers are killed at once, and when all pods return at other addresses', async () => {
    const database = await start();
    const writers = await write(database);
    await Promise.all(database.local.pods().map(({ server, agent }) => Promise.all([server.kill(), agent.kill()])));
    await database.untilHealthy();
    await verify(writers);
    await Promise.all(nodes.map((node) => database.readdress(node)));
    await database.untilHealthy();
    await verify(writers);
  });

  test('a node that comes back empty empties nobody', async () => {
    const database = await start();
    const writers = await write(database);
    const lost = await untilWriter(database);
    await verify(writers);
    await loseVolume(database, lost);
    await database.local.start(lost);
    await database.untilHealthy();
    await verify(writers);
  });

  test('a node that comes back empty serves nobody while the one with the data is not there yet', async () => {
    const database = await start();
    const [kept, lost] = nodes as [string, string];
    const writer = startMeshWriter(database, kept);
    await database.until('there are writes', () => writer.answered() > 200);
    await writer.verify(nodes);
    await Promise.all([database.local.pod(kept).lose(), loseVolume(database, lost)]);
    await database.local.start(lost);
    await database.until('the empty server runs', async () => (await database.ask(lost, 'DBSIZE')) === 0);
    await delay(3_000);
    const { health, nodes: states } = await database.status();
    expect(health).toBe('Critical');
    expect(states.find(({ name }) => name === lost)?.reasons).toEqual(['has not copied yet what the others have']);
    await database.local.start(kept);
    await database.untilHealthy();
    await writer.verify(nodes);
  });

  test('a pod that ends takes no write with it', async () => {
    const database = await start();
    const writers = await write(database);
    const writer = await untilWriter(database);
    const began = performance.now();
    await database.local.pod(writer).end(graceMs);
    const other = nodes.filter((node) => node !== writer);
    tell(`a node of a mesh has ended after ${Math.round(performance.now() - began)} ms`);
    await untilWriter(database, (node) => node !== writer);
    for (const one of writers) await one.verify(other);
    await database.local.start(writer);
    await database.untilHealthy();
    await verify(writers);
  });

  test('waits for nobody where all nodes end together', async () => {
    const database = await start();
    const writers = await write(database);
    const began = performance.now();
    await Promise.all(database.local.pods().map((pod) => pod.end(graceMs)));
    const tookMs = performance.now() - began;
    await Promise.all(nodes.map((node) => database.local.start(node)));
    await database.untilHealthy();
    expect(tookMs).toBeLessThan(30_000);
    await verify(writers);
  });

  test('grows and shrinks under writes', async () => {
    const database = await start();
    const writers = await write(database);
    const third = meshNode(2);
    await database.local.apply(readManifests(synthesizeMesh({ nodes: 3 })), graceMs);
    await database.until('the third serves', ({ health, nodes: all }) => health === 'Healthy' && all.length === 3);
    const late = startMeshWriter(database, third);
    await database.until('it takes writes', () => late.answered() > 200);
    const { ended } = await database.local.apply(readManifests(synthesizeMesh()), graceMs);
    await ended;
    for (const one of [...writers, late]) await one.verify(nodes);
    await database.until('nobody is linked to it any more', async ({ health }) => {
      const infos = await Promise.all(nodes.map((node) => database.ask(node, 'INFO', 'replication')));
      return health === 'Healthy' && infos.every((info) => !String(info).includes('master_1_host'));
    });
  });
});
