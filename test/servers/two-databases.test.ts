/** Two databases of one name in two namespaces, whose pods get each other's addresses. */
import { readFile } from 'node:fs/promises';

import { can } from '../../lib/contract/engines';
import { layout } from '../../sidecar/local/layout';
import type { LocalDatabase } from '../../sidecar/local/supervisor';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { readCoordinator } from './support/lease';
import { waitFor } from './support/wait';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

const candidates = ['orders-shard-1-0', 'orders-shard-2-0'] as const;

const publishes = async ({ root, plan }: LocalDatabase, reason: string): Promise<boolean> =>
  (await readFile(layout.status(root, plan.config.database), 'utf8')).includes(reason);

/** Without passwords the servers let each other in: only ids and agents tell the databases apart. */
describe.each(testEngines())('two databases of one name on $label', ({ label, find }) => {
  const shop = useDatabase(`${label}, shop`, async () => ({ server: await find(), namespace: 'shop', auth: false }));
  const museum = useDatabase(`${label}, museum`, async () => ({
    server: await find(),
    namespace: 'museum',
    auth: false,
  }));

  /** Each is whole, with its own keys: its nodes know each other and nobody else. */
  async function expectApart(move: () => Promise<unknown>): Promise<void> {
    const databases = [shop().database, museum().database];
    const recordings = await Promise.all(databases.map((database) => database.record()));
    await shop().database.until('there are writes', () => recordings.every((each) => each.confirmed() >= 1000));
    // A client without a password would follow the other database's redirects.
    await Promise.all(recordings.map((recording) => recording.stop()));
    await move();
    const accounts = await Promise.all(databases.map((database) => untilWhole(database)));
    expect(new Set(accounts.flat().map(({ self }) => self.id)).size).toBe(12);
    await Promise.all(recordings.map((recording) => recording.verify()));
  }

  test('stay apart when a pod of each comes back at the address of the other', () =>
    expectApart(async () => {
      const [ours, theirs] = [shop().database.local, museum().database.local];
      const [moved] = candidates;
      const [here, there] = [ours.pod(moved).address, theirs.pod(moved).address];
      await Promise.all([ours.pod(moved).lose(), theirs.pod(moved).lose()]);
      await Promise.all([ours.start(moved, there), theirs.start(moved, here)]);
    }));

  test('stay apart when a pod of one is where a pod of the other was, and that is not back yet', () =>
    expectApart(async () => {
      const [ours, theirs] = [shop().database.local, museum().database.local];
      // One that remembers where it was has to look there.
      const coordinator = await readCoordinator(shop().database);
      const moved = candidates.find((node) => node !== coordinator)!;
      const here = ours.pod(moved).address;
      await Promise.all([ours.pod(moved).lose(), theirs.pod(moved).lose()]);
      await theirs.start(moved, here);
      // A server that announces no host name is known by its agent alone.
      const names = can(ours.plan.config.engine, 'announceHostname');
      const seen = () =>
        publishes(ours, names ? `answers at the address of ${moved}` : `${moved} is not vouched for by its agent`);
      await waitFor('the coordinator has seen a stranger there', seen, 30_000);
      await untilWhole(museum().database);
      await ours.start(moved);
    }));
});
