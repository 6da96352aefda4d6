/** As whom a source signs in at the target of the engine's own slot migration. */
import { createMigrations, type Words } from '../../../sidecar/server/migrations';
import { clusterConfig } from '../support/config';

const config = clusterConfig(3, 1);
const [node] = config.shards[0]!.nodes;

async function migrate(auth: (typeof config)['auth']): Promise<string[]> {
  const said: string[] = [];
  const exchange = (commands: readonly Words[]): Promise<unknown[]> => {
    said.push(...commands.map((words) => words.join(' ')));
    return Promise.resolve(commands.map(() => []));
  };
  await createMigrations(exchange, () => ({ ...config, auth }), node!).migrate([[7, 9]], 'its id');
  return said;
}

const order = 'CLUSTER MIGRATESLOTS SLOTSRANGE 7 9 NODE its id';

test('has another name from before it is asked to migrate until it has been let in', async () => {
  const auth = { agent: { passwordFile: 'p', user: 'u' }, replication: { passwordFile: 'p' }, overlapSeconds: 0 };
  expect(await migrate(auth)).toEqual([
    expect.stringMatching(/^CONFIG SET masteruser migration@/),
    order,
    'CLUSTER GETSLOTMIGRATIONS',
    expect.stringMatching(/^CONFIG SET masteruser replication@/),
  ]);
});

test('has no name where nobody is asked for a password: with one and without a password it is turned away', async () => {
  expect(await migrate('off')).toEqual([order]);
});
