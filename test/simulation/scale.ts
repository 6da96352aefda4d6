import { createPod, deletePod } from './kubelet';
import { configOf, type World } from './world';

/** How long it takes until the pods that a shard lacks are there again. Milliseconds. */
const lookMs = 500;

/**
 * Changes the number of shards, after a while: the contract of every agent at once, then the pods. Who leaves does not come back, so nobody
 * is told to leave whose pod is just being made anew: what runs nowhere can be drained by nobody.
 */
export function scale(world: World, shards: number, afterMs: number): void {
  if (shards === world.config.shards.length) return;
  world.ground.timeline.after(afterMs, () => {
    if (!world.config.shards.slice(shards).every(({ nodes }) => nodes.every(({ name }) => isThere(world, name)))) {
      scale(world, shards, lookMs);
      return;
    }
    world.note(`the database is to have ${shards} shards`);
    world.config = configOf(world.shape, shards);
    const { hosts, pods } = world;
    world.config.shards.forEach(({ name, nodes }, shard) => {
      nodes.forEach((node, index) => {
        if (!pods.has(node.name)) createPod(world, node, name, hosts[(shard + index) % hosts.length]!);
      });
    });
    const kept = new Set(world.config.shards.map(({ name }) => name));
    for (const pod of [...pods.values()]) if (!kept.has(pod.shard)) deletePod(world, pod, () => undefined);
  });
}

function isThere({ pods }: World, name: string): boolean {
  const pod = pods.get(name);
  return pod !== undefined && !pod.ending && pod.host.on;
}
