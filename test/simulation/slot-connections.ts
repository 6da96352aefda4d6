import type { SlotServer, SlotServers } from '../../sidecar/edges';
import { createConversation, Unanswered } from './conversation';
import { ownedSlots } from './engine/roles';
import { setSlots } from './engine/set-slot';
import type { Pod } from './pod';
import { reach } from './network';
import { append } from './server/replication';
import { isServing, type Server } from './server/server';
import { contents, removalOf } from './server/store';
import type { World } from './world';

/** One agent's connections for moving slots. Every key is the number of its write. */
export function createSlotConnections(
  world: World,
  pod: Pod,
  whileAlive: <T>(work: Promise<T>) => Promise<T>,
): SlotServers {
  return {
    of: (_node, { ip }) =>
      createSlotConnection(
        world,
        createConversation(world, pod, ip, () => undefined),
        whileAlive,
      ),
    close: () => undefined,
  };
}

function createSlotConnection(
  world: World,
  call: ReturnType<typeof createConversation>,
  whileAlive: <T>(work: Promise<T>) => Promise<T>,
): SlotServer {
  const { ground, tempo } = world;
  const ask = <T>(use: (server: Server) => T): Promise<T> =>
    whileAlive(
      call((server) => {
        if (!isServing(server, tempo.now())) throw new Error('LOADING server is loading the dataset in memory');
        server.engine.now = tempo.now();
        return use(server);
      }),
    );
  const refuse = (): Promise<never> => Promise.reject(new Error("ERR unknown subcommand 'MIGRATESLOTS'"));
  return {
    account: () => ask((server) => ({ keys: contents(server.replication.log).size, migrations: [] })),
    mark: (slots, mark) => ask(({ engine }) => setSlots(engine, slots, mark)),
    contents: (slots) =>
      ask((server) =>
        keysIn(ground, server, slots).map((writes, index) => ({
          slot: slots[index]!,
          keys: writes.length,
          largest: { key: '', bytes: 1 },
          parcels: [{ keys: writes.length, bytes: writes.length, words: Buffer.from(JSON.stringify(writes)) }],
        })),
      ),
    send: (parcels, to) =>
      ask((source) => {
        const target = ground.network.at(to.ip);
        if (!target?.server || !reach(source.place.host, target.host)) throw new Unanswered('unreachable');
        const { server } = target;
        if (!isServing(server, tempo.now())) throw new Error('IOERR error or timeout reading from target instance');
        const writes = parcels.flatMap(({ words }) => JSON.parse(words.toString()) as number[]);
        for (const write of writes) migrateKey(world, source, server, write);
      }),
    migrate: refuse,
    signBackIn: refuse,
    cancelMigrations: refuse,
  };
}

/** `MIGRATE ... REPLACE`: the target has it, and then the source no more. */
function migrateKey({ ground }: World, source: Server, target: Server, write: number): void {
  const slot = ground.slotOf(write);
  const { myself, importing } = target.engine;
  const lets = importing.has(slot) || myself.slots.some(([first, last]) => first <= slot && slot <= last);
  if (myself.role === 'replica' || !lets) throw new Error(`ERR Target instance replied with error: MOVED ${slot}`);
  const served = ownedSlots(target.engine).some(([first, last]) => first <= slot && slot <= last);
  if (!served) throw new Error('ERR Target instance replied with error: CLUSTERDOWN Hash slot not served');
  if (!contents(source.replication.log).has(write)) return;
  if (!contents(target.replication.log).has(write)) append(ground, target, write);
  append(ground, source, removalOf(write));
}

/** The writes of each slot. */
function keysIn(ground: World['ground'], server: Server, slots: readonly number[]): number[][] {
  const found = new Map(slots.map((slot): [number, number[]] => [slot, []]));
  for (const write of contents(server.replication.log)) found.get(ground.slotOf(write))?.push(write);
  return slots.map((slot) => found.get(slot)!);
}
