import { createPod, deletePod } from './kubelet';
import { configOf, type World } from './world';

/** Changes the number of shards, after a while: the contract of every agent at once, then the pods. Who leaves does not come back. */
export function scale(world: World, shards: number, afterMs: number): void {
  if (shards === world.config.shards.length) return;
  world.ground.timeline.after(afterMs, () => {
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
