/** The only replica of a primary that needs one for writes, while its pod is replaced. */
import { judge } from '../../../sidecar/health';
import { planDatabase } from '../../../sidecar/plan';
import { configOf, set, viewOf, type Case } from '../support/rollouts';
import { sound, type Sketch } from '../support/views';

const shards = ['s0', 's1', 's2'].map((shard) => set(shard, 0));
const with1 = (floor: number) => ({ ...sound, 's0-0': { ...sound['s0-0'], cluster: { replicasToWrite: floor } } });
const planWith = (given: Case) => planDatabase(viewOf(given), { ...configOf(given), minReplicasToWrite: 1 });
const rest = Object.fromEntries(['s1-0', 's2-0', 's0-1', 's1-1', 's2-1'].map((name) => [name, 1]));
const floors = (nodes: Readonly<Record<string, Sketch>>): Readonly<Record<string, Sketch>> =>
  Object.fromEntries(
    Object.entries(nodes).map(([name, sketch]) => [
      name,
      { ...sketch, cluster: { replicasToWrite: rest[name] ?? 1, ...sketch.cluster } },
    ]),
  );

test('may go, because the primary is told to do without it meanwhile', () => {
  expect(planWith({ sets: shards, nodes: floors(with1(1)) })).toMatchObject([
    { do: 'set-replicas-to-write', node: 's0-0', replicas: 0 },
    { do: 'set-partition', set: 's0', partition: 1 },
  ]);
});

test('is waited for with that', () => {
  const away = { ...with1(1), 's0-1': { ...sound['s0-1'], down: 'absent' as const } };
  const sets = [set('s0', 0, { partition: 1 }), ...shards.slice(1)];
  expect(planWith({ sets, nodes: floors(away) })).toMatchObject([{ do: 'set-replicas-to-write', replicas: 0 }]);
  const told = { ...away, ...with1(0), 's0-1': away['s0-1'] };
  expect(planWith({ sets, nodes: floors(told) })).toMatchObject([{ do: 'wait' }]);
});

test('is needed again before anything is handed over to it', () => {
  const sets = [set('s0', 1), ...shards.slice(1)];
  expect(planWith({ sets, nodes: floors(with1(0)) })).toMatchObject([
    { do: 'set-replicas-to-write', node: 's0-0', replicas: 1 },
  ]);
  expect(planWith({ sets, nodes: floors(with1(1)) })).toMatchObject([{ do: 'failover', node: 's0-1' }]);
});

test('is reported as missing', () => {
  const given = { sets: shards, nodes: floors(with1(0)) };
  expect(judge({ ...configOf(given), minReplicasToWrite: 1 }, viewOf(given)).reasons).toEqual([
    's0-0 takes writes that fewer than 1 replicas have, while one of its shard restarts',
  ]);
});
