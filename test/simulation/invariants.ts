import { slotCount } from '../../lib/contract/slot-count';
import { countSlots, formatSlots, mergeSlots, missingSlots, subtractSlots } from '../../sidecar/slots';
import type { SlotRange } from '../../sidecar/view';
import { accepts, probe, probes } from './clients';
import { votes } from './engine/state';
import { excuseUnproven, excuseUnsynced, type Ledger } from './ledger';
import { reach } from './network';
import type { Server } from './server/server';
import type { World } from './world';

/** How often the world is looked at. Milliseconds. */
const tickMs = 50;

/** Longer than it takes an agent to see that another's server is there. Milliseconds. */
const noticedMs = 3000;

/** Watches what must hold at every moment. Breaches are added to the world's, each kind once. */
export function startWatch(world: World, ledger: Ledger): void {
  const seen = new WeakSet<Server>();
  let formed = false;
  const tick = (): void => {
    formed ||= countSlots(ownedSomewhere(world)) === slotCount;
    if (formed && world.shape.persistent) check(world, whyUnowned(world));
    check(world, whyTwoOwners(world));
    excuseUnproven(world, ledger);
    for (const server of world.ground.servers) {
      if (!seen.has(server)) welcome(world, ledger, server);
      seen.add(server);
    }
    world.ground.timeline.after(tickMs, tick);
  };
  tick();
}

/** Notes a breach of an invariant. */
export function check(world: World, breach: string | undefined): void {
  if (breach === undefined || world.broken.includes(breach)) return;
  world.broken.push(breach);
  world.note(`BROKEN: ${breach}`);
}

/** "No slot is ever without an owner": somebody's table, in memory or on a volume, says who has it. */
function whyUnowned(world: World): string | undefined {
  const missing = missingSlots(ownedSomewhere(world));
  return missing.length > 0 ? `slots ${formatSlots(missing)} are in nobody's table` : undefined;
}

function ownedSomewhere({ pods, volumes, ground }: World): SlotRange[] {
  const running = [...ground.servers].flatMap(({ engine }) => [...engine.peers.values()]);
  const stopped = [...volumes.values(), ...[...pods.values()].map((pod) => pod.store)];
  const saved = stopped.flatMap((store) => store.table?.peers ?? []);
  return mergeSlots([...running, ...saved].flatMap((peer) => [...peer.slots]));
}

/** "Who is primary is a fact with an epoch": no two servers take writes for one slot under the same one. */
function whyTwoOwners({ ground, tempo }: World): string | undefined {
  const now = tempo.now();
  for (let index = 0; index < probes; index++) {
    const slot = probe(index);
    const takers = [...ground.servers].filter((server) => accepts(server, slot, now));
    const epochs = takers.map(({ engine }) => engine.myself.configEpoch);
    if (new Set(epochs).size < epochs.length) return `two servers take writes for slot ${slot} under one epoch`;
  }
  return undefined;
}

/** "A node never becomes a primary by starting": a server that has just started is none unless nobody could take over in its place. */
function welcome(world: World, ledger: Ledger, server: Server): void {
  if (!votes(server.engine.myself) || hasSuccessor(world, server)) return;
  check(world, whyTooSoon(world, server));
  excuseUnsynced(ledger, server);
}

function hasSuccessor({ ground }: World, { engine: { myself } }: Server): boolean {
  const newer = [...ground.servers].filter(
    (other) => votes(other.engine.myself) && other.engine.myself.configEpoch > myself.configEpoch,
  );
  const taken = newer.flatMap((other) => [...other.engine.myself.slots]);
  return subtractSlots(myself.slots, taken).length === 0;
}

function whyTooSoon({ ground, shape, tempo }: World, server: Server): string | undefined {
  const { id } = server.engine.myself;
  const now = tempo.now();
  const awayMs = now - server.store.stoppedAt;
  if (awayMs >= 2 * shape.nodeTimeoutMs) return undefined;
  const heir = [...ground.servers].find(
    ({ engine, place, replication }) =>
      engine.myself.primaryId === id &&
      // One that has had no primary since it started is electable by nobody.
      replication.downSince !== undefined &&
      now - engine.startedAt > noticedMs &&
      reach(place.host, server.place.host),
  );
  return (
    heir && `${server.engine.myself.hostname} serves again, although ${heir.engine.myself.hostname} could take over`
  );
}
