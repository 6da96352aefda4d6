import { cron, cronMs } from '../engine/cron';
import { checkData } from '../engine/strays';
import { createEngine, type Engine } from '../engine/state';
import { load, save } from '../engine/table';
import { reach, type Host, type Network, type Place } from '../network';
import type { Random } from '../random';
import type { Timeline } from '../timeline';
import { connectBus } from './bus';
import { createReplication, type Replication } from './replication';
import { contents, type Store } from './store';

/** A server process: its part of the cluster bus, and its data. */
export interface Server {
  readonly place: Place<Server>;
  readonly engine: Engine;
  readonly replication: Replication;
  readonly store: Store;
  /** The only user it lets in as a replica. */
  readonly admits: string;
  /** Who it says to be where it copies: `masteruser`. */
  signsInAs: string;
  alive: boolean;
  /** Reads its files, and answers nothing else, until then. */
  readonly loadedAt: number;
  /** Ends of connections to it, told when it is gone. */
  readonly clients: Set<{ readonly host: Host; readonly lost: () => void }>;
}

/** Writes that a node has no more. */
export interface Dropped {
  readonly hostname: string;
  readonly writes: readonly number[];
  readonly why: 'killed' | 'power failure' | 'volume lost' | { readonly copies: string };
}

/** What every server of a world stands on. */
export interface Ground {
  readonly timeline: Timeline;
  readonly network: Network<Server>;
  readonly random: Random;
  readonly nodeTimeoutMs: number;
  /** Every server that was ever started. */
  readonly servers: Set<Server>;
  /** Servers delete keys of slots that are not theirs when they start, as Valkey does; else they mark them, as Redis does. */
  readonly deletesStrays: boolean;
  /** The slot of a write. */
  readonly slotOf: (write: number) => number;
  /** Told when writes are dropped from a node's data. */
  readonly onDropped: (what: Dropped) => void;
}

/** What a server is told of itself. */
export interface Identity {
  readonly hostname: string;
  /** Of the replicas of its shard. */
  readonly user: string;
}

/** Starts a server at a place, with what its volume holds. */
export function startServer(ground: Ground, place: Place<Server>, { hostname, user }: Identity, store: Store): Server {
  const { timeline, random, nodeTimeoutMs } = ground;
  const id = store.table?.id ?? random.hex(40);
  const now = timeline.now();
  const loadMs = store.log.length > 0 ? random.between(20, 400) : 20;
  const around = connectBus(ground, () => server);
  const engine = createEngine(
    { id, shardId: random.hex(40), ip: place.ip, hostname },
    { nodeTimeoutMs, random, now, around },
  );
  if (store.table) load(engine, store.table);
  store.hasFile = store.persistent;
  const server: Server = {
    place,
    engine,
    store,
    admits: user,
    signsInAs: user,
    replication: createReplication(random, store.log),
    alive: true,
    loadedAt: now + loadMs,
    clients: new Set(),
  };
  ground.servers.add(server);
  place.server = server;
  timeline.after(loadMs, () => live(ground, server));
  return server;
}

function live(ground: Ground, server: Server): void {
  const { timeline } = ground;
  if (!server.alive) return;
  const { engine, store, replication } = server;
  const filled = new Set([...contents(replication.log)].map(ground.slotOf));
  checkData(engine, [...filled], ground.deletesStrays);
  const primary = engine.myself.primaryId === undefined ? undefined : engine.peers.get(engine.myself.primaryId);
  engine.now = timeline.now();
  if (primary?.ip) engine.around.follow(primary.ip, false);
  const beat = (): void => {
    if (!server.alive) return;
    engine.now = timeline.now();
    cron(engine);
    if (store.persistent && engine.cronRuns % 10 === 0) store.synced = replication.log.length;
    timeline.after(cronMs, beat);
  };
  timeline.after(engine.random.between(0, cronMs), beat);
}

/** Whether the process answers more than that it is loading. */
export const isServing = (server: Server | undefined, now: number): server is Server =>
  server !== undefined && server.alive && server.loadedAt <= now;

/** Ends the process. A power failure takes what was not synced yet, and nobody hears of it. */
export function stopServer(ground: Ground, server: Server, how: 'ended' | 'power failure'): void {
  if (!server.alive) return;
  const { store, replication, place } = server;
  server.alive = false;
  store.table = save(server.engine);
  store.stoppedAt = ground.timeline.now();
  const kept = !store.persistent
    ? 0
    : how === 'ended'
      ? replication.log.length
      : Math.min(store.synced, replication.log.length);
  const whole = contents(replication.log);
  replication.upstream?.server?.replication.acknowledged.delete(server);
  store.log = replication.log.slice(0, kept);
  store.synced = kept;
  const dropped = [...whole].filter((write) => !contents(store.log).has(write));
  if (place.server === server) place.server = undefined;
  ground.servers.delete(server);
  const { hostname } = server.engine.myself;
  const why = how === 'ended' ? 'killed' : how;
  if (dropped.length > 0) ground.onDropped({ hostname, writes: dropped, why });
  if (how === 'power failure') return;
  for (const client of server.clients) ground.network.notify(place.host, client.host, client.lost);
}

/** Whether two servers' machines reach each other. */
export const connected = (a: Server, b: Server): boolean => reach(a.place.host, b.place.host);
