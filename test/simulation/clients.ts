import { slotCount } from '../../lib/contract/slot-count';
import { reach, type Host } from './network';
import { append } from './server/replication';
import { isServing, type Server } from './server/server';
import type { Ledger, Write } from './ledger';
import type { World } from './world';

/** Pause between two writes, and how long a client waits for a replica. Milliseconds. */
const pauseMs = 40;
const waitMs = 100;

/** Applications on every machine that write to whatever server takes their writes, until told to stop. */
export function startClients(world: World, ledger: Ledger): () => void {
  const { ground, random } = world;
  let stopped = false;
  const write = (): void => {
    if (stopped) return;
    const slot = probe(random.below(probes));
    const from = random.pick(world.hosts);
    const asked = random.shuffle([...ground.servers]).find((candidate) => takes(world, candidate, from, slot));
    const server = asked && redirected(world, asked, from, slot);
    if (server) writeTo(world, ledger, server, { from, slot });
    ground.timeline.after(pauseMs, write);
  };
  write();
  return () => (stopped = true);
}

/** Slots that are written to: enough that some of them move, whatever moves. */
export const probes = 24;

/** One of them. */
export const probe = (index: number): number => Math.floor(((index + 0.5) * slotCount) / probes);

/** Who takes a new key: the owner of its slot, or where that is on its way to somebody else, that one. */
function redirected({ ground, tempo }: World, owner: Server, from: Host, slot: number): Server | undefined {
  const id = owner.engine.migrating.get(slot);
  if (id === undefined) return owner;
  const target = [...ground.servers].find(({ engine }) => engine.myself.id === id);
  const lets = target?.engine.importing.has(slot) && isServing(target, tempo.now());
  return lets && reach(from, target.place.host) ? target : undefined;
}

/** Whether a server takes a write from a client on that machine. */
function takes(world: World, server: Server, from: Host, slot: number): boolean {
  return reach(from, server.place.host) && accepts(server, slot, world.tempo.now());
}

/** Whether a server takes writes to a slot: it owns it, sees a majority, and is not about to hand over. */
export function accepts(server: Server, slot: number, now: number): boolean {
  const { engine } = server;
  const { myself } = engine;
  const owns = myself.role === 'primary' && myself.slots.some(([first, last]) => first <= slot && slot <= last);
  return owns && isServing(server, now) && engine.ok && engine.manual.until === 0;
}

function writeTo(world: World, { writes }: Ledger, server: Server, { from, slot }: { from: Host; slot: number }): void {
  const write: Write = { slot, acknowledged: false, excused: false };
  const number = writes.push(write) - 1;
  append(world.ground, server, number);
  const position = server.replication.log.length;
  world.ground.timeline.after(waitMs, () => {
    const still = server.alive && server.engine.myself.role === 'primary' && reach(from, server.place.host);
    const copies = [...server.replication.acknowledged.values()].filter((length) => length >= position);
    write.acknowledged = still && copies.length >= world.shape.replicas;
  });
}
