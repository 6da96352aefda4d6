import { slotCount } from '../../lib/contract/slot-count';
import { countSlots, mergeSlots } from '../../sidecar/slots';
import { votes } from './engine/state';
import { createPod, deletePod } from './kubelet';
import { configOf, type World } from './world';

/** How long it takes until the pods that a shard lacks are there again. Milliseconds. */
const lookMs = 500;

/** How long it takes until somebody reads the status and does something about it. Milliseconds. */
const reactionMs = 20_000;

/**
 * Changes the number of shards, after a while: the contract of every agent at once, then the pods. Who leaves does not come back, so nobody
 * is told to leave whose pod is just being made anew: what runs nowhere can be drained by nobody.
 */
export function scale(world: World, shards: number, afterMs: number): void {
  const { length: before } = world.config.shards;
  if (shards === before) return;
  world.ground.timeline.after(afterMs, () => {
    if (!world.config.shards.slice(shards).every(({ nodes }) => nodes.every(({ name }) => isThere(world, name)))) {
      scale(world, shards, lookMs);
      return;
    }
    apply(world, shards);
    if (shards < before) lookAfter(world, before);
  });
}

function apply(world: World, shards: number): void {
  world.note(`the database is to have ${shards} shards`);
  world.config = configOf(world.shape, shards);
  const { hosts, pods } = world;
  world.config.shards.forEach(({ name, nodes }, shard) => {
    nodes.forEach((node, index) => {
      if (!pods.has(node.name)) createPod(world, node, name, hosts[(shard + index) % hosts.length]!);
    });
  });
  for (const pod of leaving(world)) deletePod(world, pod, () => undefined);
}

/**
 * Containers of a pod that ends are never started again. A shard that has lost all of them before it was drained is on its volumes alone,
 * and whoever sees that its slots are not served brings it back.
 */
function lookAfter(world: World, before: number, missing = false): void {
  world.ground.timeline.after(reactionMs, () => {
    const gone = leaving(world).length === 0;
    if (gone && isServed(world)) return;
    if (gone && missing) apply(world, before);
    else lookAfter(world, before, gone);
  });
}

const leaving = ({ config, pods }: World) =>
  [...pods.values()].filter(({ shard }) => !config.shards.some(({ name }) => name === shard));

export function isServed({ ground }: World): boolean {
  const primaries = [...ground.servers].filter(({ engine }) => votes(engine.myself));
  return countSlots(mergeSlots(primaries.flatMap(({ engine }) => [...engine.myself.slots]))) === slotCount;
}

function isThere({ pods }: World, name: string): boolean {
  const pod = pods.get(name);
  return pod !== undefined && !pod.ending && pod.host.on;
}
