/** As whom a source signs in at the target of the engine's own slot migration. */
import type { Words } from '../../../sidecar/server/commands';
import { createMigrations } from '../../../sidecar/server/migrations';
import { clusterConfig } from '../support/config';

const config = clusterConfig(3, 1);
const [node] = config.shards[0]!.nodes;

async function migrate(): Promise<string[]> {
  const said: string[] = [];
  const exchange = (commands: readonly Words[]): Promise<unknown[]> => {
    said.push(...commands.map((words) => words.join(' ')));
    return Promise.resolve(commands.map(() => []));
  };
  await createMigrations(exchange, () => config, node!).migrate([[7, 9]], 'its id');
  return said;
}

test('has another name from before it is asked to migrate until it has been let in', async () => {
  expect(await migrate()).toEqual([
    expect.stringMatching(/^CONFIG SET masteruser migration@/),
    'CLUSTER MIGRATESLOTS SLOTSRANGE 7 9 NODE its id',
    'CLUSTER GETSLOTMIGRATIONS',
    expect.stringMatching(/^CONFIG SET masteruser replication@/),
  ]);
});
