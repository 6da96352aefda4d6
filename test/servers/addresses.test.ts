/** Pods that come back somewhere else. */
import type { Address } from '../../sidecar/view';
import type { TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { tell } from './support/progress';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

const [first, second] = ['orders-shard-0-0', 'orders-shard-1-0'] as const;
const replica = 'orders-shard-2-1';

describe.each(testEngines())('nodes that return at other addresses on $label', ({ label, find }) => {
  const fixture = useDatabase(label, async () => ({ server: await find() }));

  /** Each under its old id where it is now, and nobody else: that is whole. */
  async function expectUnchanged(what: string, move: (database: TestDatabase) => Promise<unknown>): Promise<void> {
    const { database, accounts } = fixture();
    const recording = await database.record();
    await database.until('there are writes', () => recording.confirmed() >= 1000);
    await move(database);
    const began = performance.now();
    const after = await untilWhole(database);
    tell(`${label}: whole ${Math.round(performance.now() - began)} ms after ${what}`);
    expect(after.map(({ self }) => self.id)).toEqual(accounts.map(({ self }) => self.id));
    await recording.verify();
  }

  test('all of them at once', () =>
    expectUnchanged('every node moved', async ({ local }) => {
      await Promise.all(local.pods().map((pod) => pod.lose()));
      await Promise.all(local.plan.pods.map(({ name }) => local.start(name)));
    }));

  test('a primary and a replica of another shard', () =>
    expectUnchanged('two nodes moved', async (database) => {
      await Promise.all([first, replica].map((node) => database.readdress(node)));
    }));

  test('two that have swapped theirs', () =>
    expectUnchanged('two nodes swapped', async ({ local }) => {
      const places: readonly Address[] = [first, second].map((node) => local.pod(node).address);
      await Promise.all([first, second].map((node) => local.pod(node).lose()));
      await Promise.all([local.start(first, places[1]), local.start(second, places[0])]);
    }));
});
