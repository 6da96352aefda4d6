import { startModelAgent } from './agent';
import {
  checkLabels,
  checkWrites,
  faults,
  formedWithinMs,
  healedWithinMs,
  modelShapeOf,
  untilServing,
  type Fault,
  type ModelDay,
} from './day';
import { sourceServer } from './server';
import { replicaOf, startModelSource } from './source';
import { createModelWorld, startModelClients, type ModelWorld } from './world';

/**
 * Lives through a day on which a database follows a primary elsewhere, one fault after the other, and takes over from it in the end, while
 * something breaks and each node hears of the new spec at another time.
 */
export async function liveFollowingDay(seed: number): Promise<ModelDay> {
  const shape = modelShapeOf(seed);
  const world = createModelWorld(shape);
  const { random, tempo } = world;
  world.note(JSON.stringify({ ...shape, following: true }));
  startModelSource(world);
  for (const pod of world.pods.values()) {
    pod.config = { ...pod.config, replicaOf };
    startModelAgent(world, pod);
  }
  const stopClients = startModelClients(world);
  await untilFollowing(world, formedWithinMs, 'not formed');
  for (let count = 0; count < 5; count++) {
    const heal = random.pick([...faults, sourceAway])(world);
    await tempo.run(random.between(100, 4 * shape.nodeTimeoutMs));
    heal();
    await untilFollowing(world, healedWithinMs, 'not healed');
  }
  await cutOver(world);
  await untilServing(world, healedWithinMs, 'not taken over');
  await tempo.run(5000);
  stopClients();
  await tempo.run(500);
  checkLabels(world);
  checkWrites(world);
  for (const pod of world.pods.values()) pod.agent?.kill();
  const confirmed = world.writes.filter((write) => write.confirmed).length;
  return { broken: world.broken, transcript: world.transcript, confirmed };
}

/** The source goes on, and nobody hears of it. */
const sourceAway: Fault = ({ servers, note }) => {
  const { host } = servers.get(sourceServer)!;
  note('FAULT the source is cut off');
  host.group = 9;
  return () => {
    note('the source is connected again');
    host.group = 0;
  };
};

/** Nobody writes to the source any more, and everybody has everything; from then on every write counts. */
async function cutOver(world: ModelWorld): Promise<void> {
  const { random, tempo, timeline } = world;
  world.note('the source is fenced');
  world.servers.get(sourceServer)!.floor = 1e9;
  await untilFollowing(world, healedWithinMs, 'not caught up', true);
  for (const write of world.writes) write.confirmed = true;
  const { nodeTimeoutMs } = world.config;
  for (const pod of world.pods.values()) {
    // Whoever leads takes over with the new spec, and may be followed by one with the old.
    const first = world.servers.get(pod.name)?.follows === sourceServer && random.chance(0.7);
    timeline.after(first ? 0 : random.between(0, 12 * nodeTimeoutMs), () => {
      world.note(`the new spec is at ${pod.name}`);
      pod.config = world.config;
    });
  }
  for (let count = 0; count < 2; count++) {
    await tempo.run(random.between(100, nodeTimeoutMs));
    const heal = random.pick(faults)(world);
    await tempo.run(random.between(100, 4 * nodeTimeoutMs));
    heal();
  }
  await tempo.run(12 * nodeTimeoutMs);
}

/** One copies the source, and all others copy it. */
function isFollowing({ servers, pods }: ModelWorld, whole: boolean): boolean {
  const nodes = [...servers.values()].filter(({ name }) => pods.has(name));
  const leaders = nodes.filter(({ follows }) => follows === sourceServer);
  const copies = nodes.filter(({ follows }) => follows === leaders[0]?.name);
  const { length } = servers.get(sourceServer)!.log;
  const has = nodes.every(({ linkUp, log }) => linkUp && (!whole || log.length === length));
  return leaders.length === 1 && copies.length === pods.size - 1 && has;
}

async function untilFollowing(world: ModelWorld, boundMs: number, what: string, whole = false): Promise<void> {
  await world.tempo.run(boundMs, () => isFollowing(world, whole));
  if (!isFollowing(world, whole)) world.broken.push(`${what} within ${boundMs} ms`);
}
