import { accepts } from './clients';
import type { Dropped, Server } from './server/server';
import { holds } from './server/store';
import type { World } from './world';

/** One write, known by its number. */
export interface Write {
  readonly slot: number;
  /** Every replica of the shard has it: `WAIT 1 100` has said so where there is one. */
  acknowledged: boolean;
  /** Nobody could have kept it. */
  excused: boolean;
}

/** Every write that a server took, and what may become of it. */
export interface Ledger {
  readonly writes: Write[];
  /** Numbers of those that a power failure has taken from a disk. */
  readonly exposed: Set<number>;
}

/** Nothing is written yet. */
export const createLedger = (): Ledger => ({ writes: [], exposed: new Set() });

/**
 * A server drops writes. The last copy of one may go with a volume or a machine; when the database itself overwrites it, that is a
 * breach. @returns what the breach is
 */
export function drop(world: World, { writes, exposed }: Ledger, dropped: Dropped): string | undefined {
  const { hostname, why } = dropped;
  if (why === 'power failure') for (const number of dropped.writes) exposed.add(number);
  const last = dropped.writes.filter((number) => isKept(writes[number]!) && copiesOf(world, number) === 0);
  for (const number of last) writes[number]!.excused = true;
  if (last.length === 0 || typeof why === 'string') return undefined;
  return `${hostname} drops the last copy of ${last.length} acknowledged writes: it copies ${why.copies}`;
}

/**
 * What a power failure takes from a primary's disk is safe only with a replica that runs on: one that was restarted cannot prove
 * that it has more than what is left on the disk.
 */
export function excuseUnproven({ ground }: World, { writes, exposed }: Ledger): void {
  const running = [...ground.servers];
  for (const number of exposed) {
    if (running.some(({ replication }) => holds(replication.log, number))) continue;
    writes[number]!.excused = true;
    exposed.delete(number);
  }
}

/** A primary has lost power, nobody could be elected in its place, and it serves again with what is left on its disk. */
export function excuseUnsynced({ writes, exposed }: Ledger, { engine, replication }: Server): void {
  const { slots } = engine.myself;
  for (const number of exposed) {
    const write = writes[number]!;
    const own = slots.some(([first, last]) => first <= write.slot && write.slot <= last);
    if (own && !holds(replication.log, number)) write.excused = true;
  }
}

const isKept = ({ acknowledged, excused }: Write): boolean => acknowledged && !excused;

/** How many nodes have a write, in a running server's memory or on the volume of one that does not run. */
function copiesOf({ ground, volumes }: World, number: number): number {
  const running = [...ground.servers];
  const busy = new Set(running.map(({ store }) => store));
  const stopped = [...volumes.values()].filter((store) => !busy.has(store));
  const logs = [...running.map(({ replication }) => replication.log), ...stopped.map((store) => store.log)];
  return logs.filter((log) => holds(log, number)).length;
}

/** What must hold in the end: every acknowledged write is in the data of the server that serves its slot. */
export function whyLost(world: World, { writes }: Ledger): string | undefined {
  const now = world.tempo.now();
  const serving = [...world.ground.servers];
  const lost = writes.flatMap((write, number) => {
    if (!isKept(write)) return [];
    const server = serving.find((candidate) => accepts(candidate, write.slot, now));
    return server && holds(server.replication.log, number) ? [] : [number];
  });
  return lost.length > 0 ? `${lost.length} acknowledged writes are lost, the first is ${lost[0]!}` : undefined;
}
