/** What a kubelet does for the pods of its machine, and what the controllers above it do for pods that are gone. */
import { replicationUserOf } from '../../sidecar/replication-user';
import { startAgent } from './agent-process';
import { createRunFiles, disturb, type Pod } from './pod';
import { startServer, stopServer } from './server/server';
import { contents, createStore, type Store } from './server/store';
import type { Host } from './network';
import type { World } from './world';

/** How long the server's container looks for its permit before it looks again. Milliseconds. */
const permitMs = 50;

/** How long the preStop hook waits for an agent that shows no sign of life. Milliseconds. */
export const hookPatienceMs = 60_000;

/** How long a primary that is asked to end waits for its replicas: `shutdown-timeout`. Milliseconds. */
const shutdownMs = 10_000;

/** Every shard's nodes on machines of their own. */
export function createAll(world: World): void {
  const { hosts, config } = world;
  config.shards.forEach(({ name, nodes }, shard) => {
    nodes.forEach((node, index) => createPod(world, node, name, hosts[(shard + index) % hosts.length]!));
  });
}

/** Creates a pod on a machine, with the volume of its name where it has one. */
export function createPod(world: World, node: Pod['node'], shard: string, host: Host): void {
  const place = { ip: world.freshIp(), host };
  const pod: Pod = {
    node,
    shard,
    host,
    place,
    store: claimVolume(world, node.name),
    run: createRunFiles(),
    server: undefined,
    agent: undefined,
    ending: false,
    gone: false,
    sandbox: 0,
    shutDown: () => endServer(world, pod, () => after(world, pod, 100, () => runServer(world, pod))),
  };
  world.pods.set(node.name, pod);
  if (host.on) startSandbox(world, pod, place.ip);
}

/** Without persistence the volume is the pod's own and goes with it. */
function claimVolume({ shape, volumes }: World, name: string): Store {
  const store = volumes.get(name) ?? createStore(shape.persistent);
  if (shape.persistent) volumes.set(name, store);
  return store;
}

/** Gives a pod an address and starts its containers: the agent, then the server. */
export function startSandbox(world: World, pod: Pod, ip: string): void {
  pod.sandbox++;
  pod.place = { ip, host: pod.host };
  pod.run = createRunFiles();
  world.ground.network.open(pod.place);
  rename(world, pod);
  after(world, pod, world.random.between(50, 500), () => runAgent(world, pod));
  after(world, pod, world.random.between(100, 800), () => runServer(world, pod));
}

/** Kills everything in a pod and takes its address away. */
export function stopSandbox(world: World, pod: Pod, how: 'ended' | 'power failure'): void {
  pod.sandbox++;
  pod.agent?.kill();
  if (pod.server) stopServer(world.ground, pod.server, how);
  pod.server = undefined;
  world.ground.network.close(pod.place);
}

/** Something that happens to a pod as it is now, and not to what comes after it. */
export function after(world: World, pod: Pod, ms: number, happen: () => void): void {
  const { sandbox } = pod;
  world.ground.timeline.after(ms, () => {
    if (pod.sandbox === sandbox && !pod.gone && pod.host.on) happen();
  });
}

/** The name service hears of a change a little later. */
function rename({ ground, names, random }: World, pod: Pod): void {
  const { host } = pod.node;
  const { ip } = pod.place;
  ground.timeline.after(random.between(50, 3000), () => {
    if (pod.place.ip === ip && !pod.gone) names.set(host, ip);
    else if (pod.gone && names.get(host) === ip) names.delete(host);
  });
}

/** Starts the agent's container. Nobody starts it again in a pod that is ending. */
export function runAgent(world: World, pod: Pod): void {
  if (pod.ending || pod.agent?.alive) return;
  pod.agent = startAgent(world, pod);
}

/** Starts the server's container: a shell that waits until this very start has its permit. */
export function runServer(world: World, pod: Pod): void {
  if (pod.ending || pod.server) return;
  const start = world.random.hex(10);
  pod.run.start = start;
  pod.run.stopping = false;
  pod.run.stopped = false;
  disturb(pod);
  const wait = (): void => {
    if (pod.run.start !== start || pod.server) return;
    if (pod.run.permits.delete(start)) execute(world, pod);
    else after(world, pod, permitMs, wait);
  };
  after(world, pod, permitMs, wait);
}

function execute(world: World, pod: Pod): void {
  const begun = world.random.between(10, 80);
  after(world, pod, begun, () => {
    const user = replicationUserOf(pod.node.name, world.config);
    pod.server = startServer(world.ground, pod.place, { hostname: pod.node.host, user }, pod.store);
    world.note(`${pod.node.name} runs its server with ${pod.store.log.length} writes`);
  });
}

/** The server dies; its container is started again after a while. */
export function crashServer(world: World, pod: Pod): void {
  const { server } = pod;
  if (!server) return;
  world.note(`the server of ${pod.node.name} is killed`);
  stopServer(world.ground, server, 'ended');
  pod.server = undefined;
  after(world, pod, world.random.pick([100, 300, 1000, 10_000]), () => runServer(world, pod));
}

/** The agent dies; its container is started again after a while. */
export function crashAgent(world: World, pod: Pod): void {
  if (!pod.agent?.alive) return;
  world.note(`the agent of ${pod.node.name} is killed`);
  pod.agent.kill();
  after(world, pod, world.random.pick([100, 300, 1000, 10_000]), () => runAgent(world, pod));
}

/** Deletes a pod as `kubectl delete pod` does. `then` happens when it is gone. */
export function deletePod(world: World, pod: Pod, then: () => void): void {
  if (pod.ending || pod.gone) return;
  world.note(`${pod.node.name} is deleted`);
  pod.ending = true;
  pod.run.stopping = true;
  pod.run.askedAt = world.tempo.now();
  disturb(pod);
  awaitRelease(world, pod, () => endServer(world, pod, () => void endAgent(world, pod, then)));
}

function awaitRelease(world: World, pod: Pod, released: () => void): void {
  const abandoned = world.tempo.now() - pod.run.askedAt > hookPatienceMs;
  if (pod.run.stopped || abandoned) released();
  else after(world, pod, 100, () => awaitRelease(world, pod, released));
}

/** SIGTERM: a primary takes no more writes, and waits until its replicas have them all. */
function endServer(world: World, pod: Pod, then: () => void): void {
  const { server } = pod;
  const until = world.tempo.now() + shutdownMs;
  if (server) server.engine.manual.until = server.engine.myself.role === 'primary' ? until : 0;
  const wait = (): void => {
    const behind =
      server && [...server.replication.acknowledged.values()].some((length) => length < server.replication.log.length);
    if (behind && world.tempo.now() < until) {
      after(world, pod, 50, wait);
      return;
    }
    if (server) stopServer(world.ground, server, 'ended');
    pod.server = undefined;
    then();
  };
  wait();
}

async function endAgent(world: World, pod: Pod, then: () => void): Promise<void> {
  const { sandbox } = pod;
  if (pod.agent?.alive) await pod.agent.stop();
  if (pod.gone || pod.sandbox !== sandbox) return;
  pod.gone = true;
  world.ground.network.close(pod.place);
  rename(world, pod);
  world.note(`${pod.node.name} is gone`);
  world.pods.delete(pod.node.name);
  world.api.labels.delete(pod.node.name);
  then();
}

/** What a StatefulSet does for a pod that is gone: the same name again, with the volume of that name. */
export function recreate(world: World, { node, shard, host }: Pod): void {
  world.ground.timeline.after(world.random.between(200, 3000), () => {
    // Whose ServiceAccount is deleted has no StatefulSets any more either.
    const isMeant = !world.api.unauthorized && world.config.shards.some(({ name }) => name === shard);
    if (isMeant && !world.pods.has(node.name)) createPod(world, node, shard, host);
  });
}

/** A machine loses its power: what was not synced to its disk is lost, and nobody is told. */
export function powerOff(world: World, host: Host): void {
  world.note(`${host.name} loses power`);
  for (const pod of podsOn(world, host)) stopSandbox(world, pod, 'power failure');
  host.on = false;
}

/** It comes back, and with it its pods, at new addresses. A pod that was ending is removed now. */
export function powerOn(world: World, host: Host): void {
  world.note(`${host.name} is back`);
  host.on = true;
  for (const pod of podsOn(world, host)) {
    if (!pod.ending) startSandbox(world, pod, world.freshIp());
    else void endAgent(world, pod, () => recreate(world, pod));
  }
}

/** A volume is broken: the pod comes back with an empty one. */
export function loseVolume(world: World, pod: Pod): void {
  world.note(`${pod.node.name} loses its volume`);
  stopSandbox(world, pod, 'power failure');
  const writes = [...contents(pod.store.log)];
  world.volumes.delete(pod.node.name);
  if (writes.length > 0) world.ground.onDropped({ hostname: pod.node.host, writes, why: 'volume lost' });
  pod.store = claimVolume(world, pod.node.name);
  startSandbox(world, pod, world.freshIp());
}

/** What was on it goes aside. */
export function renewVolume({ shape, volumes }: World, pod: Pod): void {
  pod.store = createStore(shape.persistent);
  if (shape.persistent) volumes.set(pod.node.name, pod.store);
}

const podsOn = ({ pods }: World, host: Host): Pod[] => [...pods.values()].filter((pod) => pod.host === host);
