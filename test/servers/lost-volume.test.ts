/** Nodes that come back without their data: somebody else under an old name. */
import { rm } from 'node:fs/promises';

import { paths } from '../../lib/contract/names';
import { locate } from '../../sidecar/home/paths';
import { layout } from '../../sidecar/local/layout';
import type { Address } from '../../sidecar/view';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

jest.setTimeout(180_000);

/** Until nobody knows the old id any more. Milliseconds. */
const forgottenWithinMs = 60_000;

/** Ends a node as a loss of power does, and its volume with it. @returns where it was */
async function loseWithVolume({ local }: TestDatabase, node: string): Promise<Address> {
  const pod = local.pod(node);
  await pod.lose();
  await rm(locate(layout.home(local.root, node), paths.data), { recursive: true });
  return pod.address;
}

describe.each(testEngines())('a node whose volume is lost on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find() }));

  /** The nodes are replicas under new ids, and nobody knows the old ones: that is whole. */
  async function expectReplaced(nodes: readonly string[], lose: (database: TestDatabase) => Promise<unknown>) {
    const { database } = fixture();
    const before = await untilWhole(database);
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 1000);
    await lose(database);
    const began = performance.now();
    const after = await untilWhole(database, forgottenWithinMs);
    const tookMs = Math.round(performance.now() - began);
    tell(`${label}: whole ${tookMs} ms after ${nodes.join(' and ')} came back empty`);
    const known = new Set(before.map(({ self }) => self.id));
    expect(after.filter(({ self }) => !known.has(self.id)).map(({ node }) => node)).toEqual(nodes);
    expect(after.filter(({ node }) => nodes.includes(node)).map(({ self }) => self.role)).toEqual(
      nodes.map(() => 'replica'),
    );
    expect(tookMs).toBeLessThan(forgottenWithinMs);
    await recording.verify();
  }

  test('becomes a replica: a primary at a new address, a replica of another shard at its old one', async () => {
    const { database } = fixture();
    const primary = await database.primaryOf('shard-0');
    const replica = (await database.primaryOf('shard-1')).endsWith('0') ? 'orders-shard-1-1' : 'orders-shard-1-0';
    await expectReplaced([primary, replica], async ({ local }) => {
      await loseWithVolume(database, primary);
      await local.start(replica, await loseWithVolume(database, replica));
      await local.start(primary);
    });
  });

  test('becomes a replica: a primary at its old address', async () => {
    const { database } = fixture();
    const primary = await database.primaryOf('shard-2');
    await expectReplaced([primary], async ({ local }) => local.start(primary, await loseWithVolume(database, primary)));
  });
});
