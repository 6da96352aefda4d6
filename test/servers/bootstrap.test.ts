/** A database of empty nodes, from the first process to the last gossip. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { layout } from '../../sidecar/local/layout';
import { countSlots } from '../../sidecar/slots';
import type { Account } from './support/account';
import { testEngines } from './support/engines';
import { useDatabase } from './support/fixture';
import { knock, type Knocking } from './support/knocking';
import { planDatabase } from './support/manifests';

jest.setTimeout(120_000);

describe.each(testEngines())('six empty nodes on $label', ({ label, find }) => {
  const knocking = new AbortController();
  let knocks: readonly Knocking[] = [];

  const fixture = useDatabase(label, async () => {
    const server = await find();
    const names = planDatabase(server.engine, {}).pods.map(({ name }) => name);
    const prepare = (root: string): void => {
      knocks = names.map((name) => knock(root, name, knocking.signal));
    };
    return { server, prepare };
  });
  afterAll(() => knocking.abort());

  /** What the nodes of each shard say. */
  function shardAccounts(): readonly (readonly Account[])[] {
    const { database, accounts } = fixture();
    return database.local.plan.config.shards.map(({ nodes }) =>
      accounts.filter((account) => nodes.some(({ name }) => name === account.node)),
    );
  }

  test('report cluster_state:ok, every slot and six nodes, each of them', () => {
    const { accounts } = fixture();
    const said = accounts.map(({ info }) =>
      ['cluster_state', 'cluster_slots_assigned', 'cluster_known_nodes'].map((field) => info.get(field)),
    );
    expect(said).toEqual(accounts.map(() => ['ok', '16384', '6']));
    expect(accounts.map(({ table }) => table.length)).toEqual(Array(6).fill(6));
  });

  test('become one primary a shard with a third of the slots, and a replica that follows it', () => {
    const primaries = shardAccounts().map((own) => own.filter(({ self }) => self.role === 'primary'));
    expect(primaries.map((own) => own.length)).toEqual([1, 1, 1]);
    expect(primaries.flat().map(({ self }) => countSlots(self.slots))).toEqual([5462, 5461, 5461]);
    const followed = shardAccounts()
      .flat()
      .flatMap(({ self }) => self.primaryId ?? []);
    expect(followed).toEqual(primaries.flat().map(({ self }) => self.id));
  });

  test('have config epochs of their own, none of which ever had to be settled', () => {
    const primaries = fixture().accounts.filter(({ self }) => self.role === 'primary');
    expect(new Set(primaries.map(({ self }) => self.configEpoch)).size).toBe(3);
    // Each collision would have raised it by one.
    expect(fixture().accounts.map(({ info }) => info.get('cluster_current_epoch'))).toEqual(Array(6).fill('6'));
  });

  test('have the declared node timeout again', () => {
    expect(fixture().accounts.map(({ nodeTimeoutMs }) => nodeTimeoutMs)).toEqual(Array(6).fill(5000));
  });

  test('are labelled with their roles', async () => {
    const { database, accounts } = fixture();
    const { root, plan } = database.local;
    const label = (node: string) => readFile(join(layout.platform(root, plan.config.database), 'roles', node), 'utf8');
    await expect(Promise.all(accounts.map(({ node }) => label(node)))).resolves.toEqual(
      accounts.map(({ self }) => self.role),
    );
  });

  test('let nobody in without a password, from the first moment a port is open', () => {
    expect(knocks.map(({ answers }) => [...answers])).toEqual(knocks.map(() => ['-NOAUTH Authentication required.']));
    expect(Math.min(...knocks.map(({ refused }) => refused))).toBeGreaterThan(0);
  });
});
