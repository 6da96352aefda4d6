/**
 * A database lives through a bad day: production agents over simulated servers, machines, network and Kubernetes, in virtual time.
 * The same seed is the same day.
 */
import { startClients } from './clients';
import { printTables } from './engine/print';
import { scheduleDrain, scheduleFaults } from './faults';
import { isHealthy, lastWord } from './healthy';
import { check, startWatch } from './invariants';
import { createLedger, drop, whyLost } from './ledger';
import { createAll, deletePod, hookPatienceMs } from './kubelet';
import { createRandom } from './random';
import { scale } from './scale';
import { createWorld, type Shape, type World } from './world';

/** How a simulated day went. */
export interface Day {
  /** What broke, in the order in which it did; empty where nothing did. */
  readonly broken: readonly string[];
  readonly transcript: readonly string[];
  readonly acknowledged: number;
}

/** Bounds of what must happen in time. Milliseconds. */
const formedWithinMs = 60_000;
const healedWithinMs = 150_000;
const deletedWithinMs = 30_000;

/** What kind of database a seed is about. */
export function shapeOf(seed: number): Shape {
  const random = createRandom(seed ^ 0x5eed);
  const [shards, scaleTo] = createRandom(seed ^ 0x5ca1e).pick([
    [3, 3],
    [3, 3],
    [3, 5],
    [5, 3],
  ] as const);
  return {
    seed,
    deletesStrays: createRandom(seed ^ 0x57a).chance(0.3),
    shards,
    scaleTo,
    replicas: random.chance(0.75) ? 1 : 2,
    hosts: random.pick([3, 4, 6]),
    nodeTimeoutMs: random.pick([1500, 2000, 5000]),
    persistent: random.chance(0.75),
  };
}

/** Lives through the day of that seed. */
export async function simulate(seed: number): Promise<Day> {
  const ledger = createLedger();
  const world: World = createWorld(shapeOf(seed), {
    onDropped: (dropped) => check(world, drop(world, ledger, dropped)),
    slotOf: (write) => ledger.writes[write]!.slot,
  });
  createAll(world);
  startWatch(world, ledger);
  await world.tempo.run(formedWithinMs, () => isHealthy(world));
  check(world, isHealthy(world) ? undefined : `not formed within ${formedWithinMs} ms: ${lastWord(world)}`);
  const stopClients = startClients(world, ledger);
  await world.tempo.run(3000);
  scale(world, world.shape.scaleTo, world.random.between(0, 10_000));
  scheduleDrain(world);
  await world.tempo.run(scheduleFaults(world));
  const calmAt = world.tempo.now();
  world.note('all faults are over');
  await world.tempo.run(healedWithinMs, () => isHealthy(world, calmAt));
  check(world, isHealthy(world, calmAt) ? undefined : `not healed within ${healedWithinMs} ms: ${lastWord(world)}`);
  stopClients();
  await world.tempo.run(1000);
  check(world, whyLost(world, ledger));
  if (world.broken.length > 0) world.note(`what every server believes:\n${tables(world)}`);
  await destroy(world);
  return {
    broken: world.broken,
    transcript: world.transcript,
    acknowledged: ledger.writes.filter((write) => write.acknowledged).length,
  };
}

const tables = ({ pods }: World): string =>
  printTables(new Map([...pods].flatMap(([name, { server }]) => (server ? [[name, server.engine]] : []))));

/** The whole database is deleted, its ServiceAccount and the names of its pods first. */
async function destroy(world: World): Promise<void> {
  // One whose agent died while it was to end is let go when its hook has lost patience, whatever becomes of the others.
  await world.tempo.run(2 * hookPatienceMs, () => [...world.pods.values()].every(({ ending }) => !ending));
  world.note('the database is deleted');
  world.api.unauthorized = true;
  world.names.clear();
  for (const pod of [...world.pods.values()]) deletePod(world, pod, () => undefined);
  await world.tempo.run(deletedWithinMs, () => world.pods.size === 0);
  const left = [...world.pods.keys()].join(', ');
  check(world, left === '' ? undefined : `not deleted within ${deletedWithinMs} ms: ${left}`);
}
