import type { Host } from './network';
import type { Pod } from './pod';
import { votes } from './engine/state';
import { createRandom } from './random';
import { isLinked } from './server/replication';
import {
  crashAgent,
  crashServer,
  deletePod,
  loseVolume,
  powerOff,
  powerOn,
  recreate,
  startSandbox,
  stopSandbox,
} from './kubelet';
import type { World } from './world';

/** Something that goes wrong, and how it is undone. */
interface Fault {
  readonly name: string;
  /** How likely beside the others. */
  readonly weight: number;
  readonly begin: (world: World) => void;
}

const anyPod = ({ pods, random }: World): Pod => random.pick([...pods.values()]);

/** How long a fault that ends by itself lasts. Milliseconds. */
const duration = ({ random }: World): number => random.pick([500, 2000, 8000, 30_000]);

const faults: readonly Fault[] = [
  { name: 'a server is killed', weight: 6, begin: (world) => crashServer(world, anyPod(world)) },
  { name: 'an agent is killed', weight: 4, begin: (world) => crashAgent(world, anyPod(world)) },
  { name: 'a server and its agent are killed', weight: 2, begin: killBoth },
  { name: 'all servers of a shard are killed', weight: 1, begin: killShard },
  { name: 'a pod is deleted', weight: 4, begin: deleteOne },
  { name: 'all pods are deleted', weight: 1, begin: deleteAll },
  { name: 'a machine loses power', weight: 3, begin: loseHost },
  { name: 'machines are cut off', weight: 3, begin: cutOff },
  { name: 'the API is away', weight: 2, begin: loseApi },
  { name: 'pods get new addresses', weight: 2, begin: readdress },
  { name: 'a node is fenced', weight: 2, begin: fenceNode },
  { name: 'the agents are paused', weight: 1, begin: pauseAgents },
  { name: 'a volume is lost', weight: 2, begin: breakVolume },
];

/** Lets a few faults happen in the next while. @returns how long until the last of them has ended, in milliseconds */
export function scheduleFaults(world: World): number {
  const { random, ground } = world;
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  let last = 0;
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.between(0, 25_000);
    let draw = random.below(total);
    const fault = faults.find(({ weight }) => (draw -= weight) < 0)!;
    ground.timeline.after(at, () => {
      if (world.pods.size > 0) fault.begin(world);
    });
    last = Math.max(last, at + 30_000);
  }
  return last;
}

/** On some days somebody asks for a shard to be drained, as before a sync that takes it out, and calls it off. Of days of its own, beside all else. */
export function scheduleDrain(world: World): void {
  const random = createRandom(world.shape.seed ^ 0xd7a1);
  if (!random.chance(0.4)) return;
  const [at, forMs] = [random.between(0, 20_000), random.pick([2000, 10_000, 30_000])];
  world.ground.timeline.after(at, () => {
    const { name } = random.pick(world.config.shards);
    world.note(`${name} is to be drained`);
    world.api.drain = { by: 'sync', shards: [name] };
    world.ground.timeline.after(forMs, () => {
      world.note(`${name} is to be drained no more`);
      delete world.api.drain;
    });
  });
}

function killBoth(world: World): void {
  const pod = anyPod(world);
  crashServer(world, pod);
  crashAgent(world, pod);
}

function killShard(world: World): void {
  const { shard } = anyPod(world);
  for (const pod of [...world.pods.values()]) if (pod.shard === shard) crashServer(world, pod);
}

function deleteOne(world: World): void {
  const pod = anyPod(world);
  deletePod(world, pod, () => recreate(world, pod));
}

/**
 * In memory only, with a machine that is off or a pod that is being made anew, shards would be left without a copy; and while a shard goes, nobody who
 * returns knows of it.
 */
function deleteAll(world: World): void {
  const pods = [...world.pods.values()];
  const areAllThere = pods.length >= world.config.shards.flatMap(({ nodes }) => nodes).length;
  const isCalm = areAllThere && world.hosts.every(({ on }) => on) && pods.every(({ ending }) => !ending);
  if (!world.shape.persistent && !isCalm) return;
  for (const pod of pods) deletePod(world, pod, () => recreate(world, pod));
}

function loseHost(world: World): void {
  const host = world.random.pick(world.hosts);
  if (!host.on) return;
  powerOff(world, host);
  world.ground.timeline.after(duration(world), () => powerOn(world, host));
}

function cutOff(world: World): void {
  const { hosts, random, ground } = world;
  const cut: Host[] = random.shuffle(hosts).slice(0, 1 + random.below(hosts.length - 1));
  const group = 1 + random.below(1_000_000);
  world.note(`${cut.map(({ name }) => name).join(', ')} cut off`);
  for (const host of cut) host.group = group;
  ground.timeline.after(duration(world), () => {
    world.note(`${cut.map(({ name }) => name).join(', ')} joined again`);
    for (const host of cut) if (host.group === group) host.group = 0;
  });
}

function loseApi(world: World): void {
  world.note('the API is away');
  world.api.away = true;
  world.ground.timeline.after(duration(world), () => {
    world.note('the API is back');
    world.api.away = false;
  });
}

/** One that is not the only place of its shard's data. */
function breakVolume(world: World): void {
  const pod = anyPod(world);
  const mates = [...world.pods.values()].filter((mate) => mate !== pod && mate.shard === pod.shard);
  // Beside a primary another one is of before a cut, and has not what this one has taken since.
  const alone = pod.server !== undefined && votes(pod.server.engine.myself);
  const safe = mates.some(
    ({ server }) => server?.alive && (isLinked(server) || (!alone && votes(server.engine.myself))),
  );
  if (safe && world.shape.persistent && pod.host.on && !pod.ending) loseVolume(world, pod);
}

/** The last one that serves a shard is fenced by nobody in his senses. */
function fenceNode(world: World): void {
  const { api, pods, ground } = world;
  const pod = anyPod(world);
  const { name } = pod.node;
  const mates = [...pods.values()].filter((mate) => mate !== pod && mate.shard === pod.shard);
  if (!mates.some((mate) => mate.server?.alive && !api.fenced.has(mate.node.name))) return;
  world.note(`${name} is fenced`);
  api.fenced.add(name);
  ground.timeline.after(duration(world), () => {
    world.note(`${name} is fenced no more`);
    api.fenced.delete(name);
  });
}

function pauseAgents(world: World): void {
  world.note('the agents are paused');
  world.api.paused = true;
  world.ground.timeline.after(duration(world), () => {
    world.note('the agents go on');
    world.api.paused = false;
  });
}

function readdress(world: World): void {
  const { random, pods } = world;
  const all = random.shuffle([...pods.values()]).filter((pod) => pod.host.on && !pod.ending);
  const moved = random.chance(0.5) ? all : all.slice(0, 1 + random.below(3));
  world.note(`new addresses for ${moved.map(({ node }) => node.name).join(', ')}`);
  for (const pod of moved) stopSandbox(world, pod, 'ended');
  const old = moved.map(({ place }) => place.ip);
  const reuse = random.chance(0.5);
  moved.forEach((pod, index) => startSandbox(world, pod, reuse ? old[(index + 1) % old.length]! : world.freshIp()));
}
