/** Two meshes in two namespaces that are peers of each other, and the cables between them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { layout } from '../../sidecar/local/layout';
import { layCable, type Cable } from './support/cable';
import { startDatabase, type TestDatabase } from './support/database';
import { describeOnKeydb } from './support/engines';
import { meshName, meshNode, startMeshWriter, synthesizeMesh } from './support/mesh';
import { tell } from './support/progress';
import { waitFor } from './support/wait';

jest.setTimeout(240_000);

const nodes = [meshNode(0), meshNode(1)];

/** Longest wait for a write to get around, also after a cut. Milliseconds. */
const aroundMs = 60_000;

describeOnKeydb('two meshes that are peers', (find) => {
  let cables: Cable[];
  let west: TestDatabase;
  let east: TestDatabase;

  beforeAll(async () => {
    const ends: Partial<Record<'west' | 'east', TestDatabase>> = {};
    const lay = (end: 'west' | 'east') =>
      Promise.all(nodes.map((node) => layCable(() => ends[end]!.local.pod(node).address.client)));
    const [toWest, toEast] = [await lay('west'), await lay('east')];
    cables = [...toWest, ...toEast];
    const begin = async (namespace: string, peers: readonly Cable[]): Promise<TestDatabase> =>
      startDatabase({
        server: await find(),
        lifetime: 'file',
        manifests: synthesizeMesh({ peers: peers.map(({ port }) => ({ host: '127.0.0.1', port })) }, namespace),
        prepare: putPassword,
      });
    ends.west = west = await begin('west', toEast);
    ends.east = east = await begin('east', toWest);
    const began = performance.now();
    await Promise.all([west, east].map((database) => database.untilHealthy()));
    tell(`two meshes are linked after ${Math.round(performance.now() - began)} ms`);
  });

  afterAll(() => cables.forEach((cable) => cable.close()));

  /** What every node has under the key, the same on all. */
  const untilAll = (key: string, value: string | null): Promise<true> =>
    waitFor(
      `every node says that ${key} is ${value}`,
      async () => {
        const values = await Promise.all([west, east].flatMap(({ ask }) => nodes.map((node) => ask(node, 'GET', key))));
        if (values.some((one) => one !== value)) throw new Error(values.join(', '));
        return true as const;
      },
      aroundMs,
    );

  const set = ({ ask }: TestDatabase, key: string, value: string) => ask(nodes[0]!, 'SET', key, value);

  test('have each other’s writes', async () => {
    const writers = [startMeshWriter(west, nodes[0]!), startMeshWriter(east, nodes[1]!)];
    await west.until('there are writes', () => writers.every((writer) => writer.answered() > 200));
    await Promise.all(writers.map((writer) => writer.stop()));
    await untilAll(`${nodes[0]!}:100`, '100');
    await untilAll(`${nodes[1]!}:100`, '100');
    await Promise.all([set(west, 'from', 'west'), set(east, 'to', 'east')]);
    await untilAll('from', 'west');
    await untilAll('to', 'east');
  });

  test('say so while they are cut off; and then of each key the last write stays, a deleted one comes back, a counter has one side’s sum', async () => {
    const [node] = nodes as [string];
    for (const key of ['west-last', 'east-last', 'deleted']) await set(west, key, 'before');
    await west.ask(node, 'SET', 'counter', 10);
    await Promise.all([
      untilAll('west-last', 'before'),
      untilAll('east-last', 'before'),
      untilAll('deleted', 'before'),
    ]);
    await untilAll('counter', '10');

    cables.forEach((cable) => cable.cut());
    const severed = ({ health, reasons }: { health: string; reasons: readonly string[] }) =>
      health === 'Degraded' && reasons.some((reason) => reason.includes('does not receive what 127.0.0.1:'));
    await Promise.all([west, east].map((database) => database.until('the cut is told', severed)));

    await set(west, 'east-last', 'west');
    await set(east, 'west-last', 'east');
    for (let count = 0; count < 3; count++) await west.ask(node, 'INCR', 'counter');
    await delay(100);
    await set(west, 'west-last', 'west');
    await set(east, 'east-last', 'east');
    await east.ask(node, 'DEL', 'deleted');
    for (let count = 0; count < 5; count++) await east.ask(node, 'INCR', 'counter');
    // Long enough for every link to be made anew: see relink.
    await delay(8_000);

    const mended = performance.now();
    cables.forEach((cable) => cable.mend());
    await Promise.all([west, east].map((database) => database.untilHealthy()));
    tell(`two meshes are one again after ${Math.round(performance.now() - mended)} ms`);
    await untilAll('west-last', 'west');
    await untilAll('east-last', 'east');
    await untilAll('deleted', 'before');
    await untilAll('counter', '15');
  });
});

/** Both sides have one password; everything else of them differs. */
async function putPassword(root: string): Promise<void> {
  const file = join(layout.secret(root, `${meshName}-auth`), 'password');
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, 'of "both"');
}
