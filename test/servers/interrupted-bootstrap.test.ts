/** A bootstrap that is cut off, at every step, and taken up by agents that remember nothing. */
import { countSlots } from '../../sidecar/slots';
import { killAgents, untilSaid } from './support/agents';
import { watchClaims } from './support/claims';
import { startDatabase, type StartOptions, type TestDatabase } from './support/database';
import { testEngines } from './support/engines';
import { holdLease, readCoordinator, releaseLease } from './support/lease';
import { waitFor } from './support/wait';
import { untilWhole } from './support/wholeness';

jest.setTimeout(120_000);

/** What the coordinator does, in its order, and what it says then. */
const steps = [
  { step: 'set-node-timeout', said: /set the node timeout of \S+ to 1000 ms/ },
  { step: 'set-epoch', said: /give \S+ the config epoch/ },
  { step: 'assign-slots', said: /assign slots/ },
  { step: 'meet', said: /introduce/ },
  { step: 'replicate', said: /make \S+ a replica of/ },
] as const;

type Ask = TestDatabase['ask'];
const meet = ({ ask, local }: TestDatabase, node: string, peer: string) =>
  ask(node, 'CLUSTER', 'MEET', local.pod(peer).address.ip, local.pod(peer).address.client);
/** One by one: not every engine takes ranges. */
const assign = (ask: Ask, node: string, first: number, last: number) =>
  ask(node, 'CLUSTER', 'ADDSLOTS', ...Array.from({ length: last - first + 1 }, (_, index) => first + index));

/** What an attempt may have left behind. */
const attempts: readonly { readonly left: string; readonly attempt: (database: TestDatabase) => Promise<void> }[] = [
  {
    left: 'one of three primaries with its slots, and no config epochs',
    async attempt({ ask }) {
      await assign(ask, 'orders-shard-1-0', 5461, 10922);
    },
  },
  {
    left: 'config epochs, two primaries with slots that have met, one of them the second node of its shard',
    async attempt(database) {
      const { ask, local } = database;
      await Promise.all(local.pods().map(({ name }, index) => ask(name, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1)));
      await assign(ask, 'orders-shard-0-1', 0, 5460);
      await assign(ask, 'orders-shard-2-0', 10923, 11000);
      await meet(database, 'orders-shard-0-1', 'orders-shard-2-0');
    },
  },
  {
    left: 'a primary with slots and a replica that follows it, and four nodes that know nobody',
    async attempt(database) {
      const { ask } = database;
      await assign(ask, 'orders-shard-0-0', 0, 5461);
      await meet(database, 'orders-shard-0-1', 'orders-shard-0-0');
      const id = String(await ask('orders-shard-0-0', 'CLUSTER', 'MYID'));
      const follow = () => ask('orders-shard-0-1', 'CLUSTER', 'REPLICATE', id);
      await waitFor('the replica knows its primary', follow, 10_000);
    },
  },
];

describe.each(testEngines())('a bootstrap on $label', ({ find }) => {
  let watching: AbortController;
  let overlaps: readonly string[];

  beforeEach(() => (watching = new AbortController()));
  afterEach(() => watching.abort());

  async function start(options: Partial<StartOptions> = {}): Promise<TestDatabase> {
    const database = await startDatabase({ server: await find(), ...options });
    overlaps = watchClaims(database, watching.signal);
    return database;
  }

  /** Every slot has been given away once: a second owner would have lost some again, and have fewer. */
  async function expectCompleted(database: TestDatabase): Promise<void> {
    const accounts = await untilWhole(database);
    const shares = accounts.map(({ self }) => (self.role === 'primary' ? countSlots(self.slots) : 0));
    expect(shares.filter((share) => share > 0).sort()).toEqual([5461, 5461, 5462]);
    expect(overlaps).toEqual([]);
  }

  test.each(steps)('ends well although every agent is killed right after the first $step', async ({ said }) => {
    const database = await start();
    await untilSaid(database, said);
    await killAgents(database);
    await expectCompleted(database);
  });

  test('ends well although the coordinator is killed after each step', async () => {
    const database = await start();
    for (const { said } of steps) {
      await untilSaid(database, said);
      const { agent } = database.local.pod(await readCoordinator(database));
      const killed = agent.pid();
      await agent.kill();
      await waitFor('the agent is started again', () => agent.pid() !== undefined && agent.pid() !== killed, 10_000);
    }
    await expectCompleted(database);
  });

  test.each(attempts)('takes up an attempt that has left $left', async ({ attempt }) => {
    const prepare = async (root: string): Promise<void> => {
      await holdLease(root, 'orders');
    };
    const database = await start({ prepare });
    const { ask, local } = database;
    const answering = () => Promise.all(local.pods().map(({ name }) => ask(name, 'PING')));
    await waitFor('every server answers', answering, 30_000);
    await attempt(database);
    await releaseLease(database);
    await killAgents(database);
    await expectCompleted(database);
  });
});
