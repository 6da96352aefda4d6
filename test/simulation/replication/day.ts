import { createRandom } from '../random';
import { startModelAgent } from './agent';
import { sourceServer, takesWrites } from './server';
import {
  createModelWorld,
  killServer,
  startModelClients,
  type ModelPod,
  type ModelShape,
  type ModelWorld,
} from './world';

/** How a day went. */
export interface ModelDay {
  readonly broken: readonly string[];
  readonly transcript: readonly string[];
  readonly confirmed: number;
}

/** Bounds of what must happen in time. Milliseconds. */
export const formedWithinMs = 30_000;
export const healedWithinMs = 90_000;

/** What the database of a seed is like. */
export const modelShapeOf = (seed: number): ModelShape => {
  const random = createRandom(seed ^ 0x5eed);
  return {
    seed,
    replicas: random.pick([1, 2, 2, 3]),
    nodeTimeoutMs: random.pick([1000, 2000, 5000]),
    persistent: random.chance(0.7),
  };
};

/**
 * Lives through the day of a seed.
 *
 * @param wild several faults at once, after which data may be lost for good reason: then all that is asked for is that no two take writes
 */
export async function liveModelDay(seed: number, wild: boolean): Promise<ModelDay> {
  const shape = modelShapeOf(seed);
  const world = createModelWorld(shape);
  world.note(JSON.stringify({ ...shape, wild }));
  for (const pod of world.pods.values()) startModelAgent(world, pod);
  await untilServing(world, formedWithinMs, 'not formed');
  const stopClients = startModelClients(world);
  await world.tempo.run(2000);
  for (let count = 0; count < 8; count++) {
    const heal = world.random.pick(wild ? [...faults, ...harmless] : faults)(world);
    const second = wild && world.random.chance(0.7) ? world.random.pick([...faults, ...harmless])(world) : undefined;
    await world.tempo.run(world.random.between(100, 4 * shape.nodeTimeoutMs));
    heal();
    if (wild) await world.tempo.run(world.random.between(0, shape.nodeTimeoutMs));
    second?.();
    if (!wild) await untilServing(world, healedWithinMs, 'not healed');
    if (!wild) await world.tempo.run(world.random.between(1000, 2000));
  }
  world.note('all faults are over');
  await untilServing(world, healedWithinMs, 'not healed');
  await world.tempo.run(5000);
  stopClients();
  await world.tempo.run(500);
  checkLabels(world);
  if (!wild) checkWrites(world);
  for (const pod of world.pods.values()) pod.agent?.kill();
  const confirmed = world.writes.filter((write) => write.confirmed).length;
  return { broken: world.broken, transcript: world.transcript, confirmed };
}

/** One takes writes, and all others copy it. */
function isServing({ servers, pods, timeline }: ModelWorld): boolean {
  const primaries = [...servers.values()].filter((server) => takesWrites(server, timeline.now()));
  const copies = [...servers.values()].filter(({ follows, linkUp }) => follows === primaries[0]?.name && linkUp);
  return primaries.length === 1 && copies.length === pods.size - 1;
}

/** Notes it where that does not come in time. */
export async function untilServing(world: ModelWorld, boundMs: number, what: string): Promise<void> {
  await world.tempo.run(boundMs, () => isServing(world));
  if (!isServing(world)) world.broken.push(`${what} within ${boundMs} ms`);
}

/** Every confirmed write is with the primary. */
export function checkWrites({ servers, writes, broken, timeline }: ModelWorld): void {
  const primary = [...servers.values()].find((server) => takesWrites(server, timeline.now()));
  const there = new Set(primary?.log);
  const lost = writes.filter(({ id, confirmed }) => confirmed && !there.has(id));
  if (lost.length > 0) broken.push(`${lost.length} confirmed writes are lost, the first is ${lost[0]!.id}`);
}

/** Clients find by its label the one that takes writes, and nobody else. */
export function checkLabels({ servers, pods, api, broken, timeline }: ModelWorld): void {
  for (const name of pods.keys()) {
    const server = servers.get(name);
    const role = server && takesWrites(server, timeline.now()) ? 'primary' : 'replica';
    if (api.labels.get(name) !== role) broken.push(`${name} is a ${role}, and labelled ${api.labels.get(name)}`);
  }
}

/** Begins, and gives what ends it. */
export type Fault = (world: ModelWorld) => () => void;

/** Who leads its shard: all others copy it. */
const leaderIn = ({ servers, pods }: ModelWorld) =>
  [...servers.values()].find(
    ({ name, follows }) => pods.has(name) && (follows === undefined || follows === sourceServer),
  );

const anyPod = (world: ModelWorld): ModelPod => {
  const primary = leaderIn(world);
  return primary && world.random.chance(0.7)
    ? world.pods.get(primary.name)!
    : world.random.pick([...world.pods.values()]);
};

function restartAgent(world: ModelWorld, pod: ModelPod, afterMs = world.random.between(200, 1500)): void {
  pod.agent?.kill();
  world.timeline.after(afterMs, () => {
    if (pod.host.on && !pod.agent) startModelAgent(world, pod);
  });
}

const crash: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT the server of ${pod.name} is killed`);
  killServer(world, pod);
  return () => undefined;
};

const crashBoth: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT server and agent of ${pod.name} are killed`);
  restartAgent(world, pod);
  killServer(world, pod);
  return () => undefined;
};

const crashAgent: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT the agent of ${pod.name} is killed`);
  restartAgent(world, pod);
  return () => undefined;
};

/** The replica with the most is for a moment one that cannot be appointed. */
const crashWhileAgentRestarts: Fault = (world) => {
  const primary = leaderIn(world);
  const pod = primary ? world.pods.get(primary.name)! : anyPod(world);
  const mates = [...world.pods.values()].filter((mate) => mate !== pod && mate.agent);
  const silent = world.random.pick(mates.length > 0 ? mates : [pod]);
  world.note(`FAULT the agent of ${silent.name} restarts while the server of ${pod.name} is killed`);
  restartAgent(world, silent, world.random.between(200, Math.min(1200, 0.6 * world.config.nodeTimeoutMs)));
  for (const { name } of mates.filter((mate) => mate !== silent)) {
    const server = world.servers.get(name);
    if (server) server.slowUntil = world.timeline.now() + 160;
  }
  world.timeline.after(world.random.between(100, 150), () => killServer(world, pod));
  return () => undefined;
};

const cutOff: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT ${pod.name} is cut off`);
  pod.host.group = 1;
  return () => {
    world.note(`${pod.name} is connected again`);
    pod.host.group = 0;
  };
};

/** The side with the API may go on without it, and the other must not. */
const cutWithApi: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT ${pod.name} is alone with the API`);
  pod.host.group = 2;
  world.api.host.group = 2;
  return () => {
    world.note('all are connected again');
    pod.host.group = 0;
    world.api.host.group = 0;
  };
};

const apiAway: Fault = (world) => {
  world.note('FAULT the API is away');
  world.api.away = true;
  return () => {
    world.note('the API is back');
    world.api.away = false;
  };
};

const hang: Fault = (world) => {
  const pod = anyPod(world);
  const server = world.servers.get(pod.name);
  world.note(`FAULT the server of ${pod.name} hangs`);
  if (server) server.hangs = true;
  return () => {
    // Its agent has told it meanwhile to take no writes: what it reads first when it wakes.
    if (server?.hangs === true) [server.hangs, server.floor] = [false, 1e9];
  };
};

const powerOff: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT ${pod.name} loses its power`);
  pod.agent?.kill();
  killServer(world, pod);
  pod.host.on = false;
  return () => {
    pod.host.on = true;
    startModelAgent(world, pod);
  };
};

const endPod: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT ${pod.name} ends`);
  pod.stopping = true;
  for (const watcher of pod.watchers) watcher();
  const replace = (): void => {
    if (!pod.released) return void world.timeline.after(100, replace);
    killServer(world, pod);
    pod.agent?.kill();
    [pod.stopping, pod.released] = [false, false];
    startModelAgent(world, pod);
  };
  replace();
  return () => undefined;
};

/** What is fenced alone is fenced with its data: others serve on. */
const fence: Fault = (world) => {
  const pod = anyPod(world);
  world.note(`FAULT ${pod.name} is fenced`);
  world.api.fenced.add(pod.name);
  return () => {
    world.note(`${pod.name} is fenced no more`);
    world.api.fenced.delete(pod.name);
  };
};

/** After each of them, alone, all is well again. */
export const faults: readonly Fault[] = [
  crash,
  crashBoth,
  crashAgent,
  crashWhileAgentRestarts,
  cutOff,
  apiAway,
  hang,
  powerOff,
  endPod,
  fence,
];
const harmless: readonly Fault[] = [cutWithApi];
