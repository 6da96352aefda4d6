import type { Random } from '../random';
import { contents } from './store';
import { connected, isServing, type Ground, type Server } from './server';

/** A server's data and where it comes from. An offset counts writes, within one history. */
export interface Replication {
  log: number[];
  /** `master_replid`: replicas with the same one can be brought up to date from where they are. */
  history: string;
  offset: number;
  /** `master_replid2`: what a promoted replica had followed, and until when. */
  former: { readonly history: string; readonly upTo: number } | undefined;
  /** Where a replica copies from. */
  upstream: Upstream | undefined;
  /** Since when a replica has no link to its primary; undefined where it never had one. */
  downSince: number | undefined;
  /** By replica, how many writes it has said to have. */
  readonly acknowledged: Map<Server, number>;
}

interface Upstream {
  readonly ip: string;
  server: Server | undefined;
  /** Set once the link is up. */
  heardAt: number | undefined;
}

/** How often a replica tries to reach its primary, and what got lost is sent again. Milliseconds. */
const retryMs = 1000;

/** `repl-ping-replica-period`. Milliseconds. */
const pingMs = 1000;

/** `repl-timeout`. Milliseconds. */
const timeoutMs = 60_000;

/** What a server starts with: the data of its volume, and a history of its own. */
export const createReplication = (random: Random, log: readonly number[]): Replication => ({
  log: [...log],
  history: random.hex(40),
  offset: 0,
  former: undefined,
  upstream: undefined,
  downSince: undefined,
  acknowledged: new Map(),
});

/** Milliseconds since a replica last heard from its primary. */
export function dataAgeMs({ replication: { upstream, downSince } }: Server, now: number): number {
  if (upstream?.heardAt !== undefined) return now - upstream.heardAt;
  return downSince === undefined ? Infinity : now - downSince;
}

/** The link to the primary is up. */
export const isLinked = ({ replication: { upstream } }: Server): boolean => upstream?.heardAt !== undefined;

/** Replicates from an address from now on, or from nobody. `full`: what it has is of another history. */
export function follow(ground: Ground, replica: Server, ip: string | undefined, full: boolean): void {
  const { replication } = replica;
  unlink(ground, replica);
  replication.upstream = ip === undefined ? undefined : { ip, server: undefined, heardAt: undefined };
  if (full) replication.history = '';
  if (replication.upstream) {
    tryLink(ground, replica, replication.upstream);
    return;
  }
  replication.former = { history: replication.history, upTo: replication.offset };
  replication.history = ground.random.hex(40);
}

function unlink({ timeline }: Ground, replica: Server): void {
  const { replication } = replica;
  const { upstream } = replication;
  if (upstream?.heardAt !== undefined) replication.downSince = timeline.now();
  upstream?.server?.replication.acknowledged.delete(replica);
}

const isCurrent = (replica: Server, upstream: Upstream): boolean =>
  replica.alive && replica.replication.upstream === upstream;

function tryLink(ground: Ground, replica: Server, upstream: Upstream): void {
  const { network, timeline, random } = ground;
  if (!isCurrent(replica, upstream) || upstream.server) return;
  timeline.after(retryMs, () => tryLink(ground, replica, upstream));
  network.send(replica.place.host, upstream.ip, ({ server: primary, host }) => {
    if (!isServing(primary, timeline.now()) || primary === replica || !mayCopy(primary)) return;
    if (primary.admits !== replica.signsInAs) return;
    const copyMs = continues(replica.replication, primary.replication) ? 1 : random.between(20, 600);
    timeline.after(copyMs, () => {
      network.notify(host, replica.place.host, () => {
        if (isCurrent(replica, upstream) && !upstream.server && primary.alive) link(ground, replica, upstream, primary);
      });
    });
  });
}

/** A replica passes its data on only while its own link is up. */
const mayCopy = (server: Server): boolean => server.replication.upstream === undefined || isLinked(server);

/** Whether a replica's data is a beginning of the primary's. */
function continues(replica: Replication, primary: Replication): boolean {
  if (replica.history === primary.history) return replica.offset <= primary.offset;
  const { former } = primary;
  return former?.history === replica.history && replica.offset <= former.upTo;
}

/** The replica has a copy, and gets every write from now on. */
function link(ground: Ground, replica: Server, upstream: Upstream, primary: Server): void {
  const { replication, store } = replica;
  upstream.server = primary;
  upstream.heardAt = ground.timeline.now();
  copy(ground, replica, primary);
  if (store.persistent) store.synced = replication.log.length;
  // Replicas of its own have to start anew.
  for (const below of [...replication.acknowledged.keys()]) resume(ground, below);
  primary.replication.acknowledged.set(replica, replication.log.length);
  const lost = (): void => {
    if (isCurrent(replica, upstream)) resume(ground, replica);
  };
  primary.clients.add({ host: replica.place.host, lost });
  resend(ground, replica, upstream);
  beat(ground, replica, upstream);
}

/** Drops the link, if there is one, and looks for a new one at the same address. */
function resume(ground: Ground, replica: Server): void {
  const { replication } = replica;
  if (!replication.upstream) return;
  unlink(ground, replica);
  replication.upstream = { ip: replication.upstream.ip, server: undefined, heardAt: undefined };
  tryLink(ground, replica, replication.upstream);
}

/** Makes the replica's data the same as its primary's. */
function copy(ground: Ground, replica: Server, primary: Server): void {
  const { replication } = replica;
  const old = replication.log;
  const source = primary.replication;
  replication.log = [...source.log];
  replication.history = source.history;
  replication.offset = source.offset;
  const kept = contents(replication.log);
  const writes = [...contents(old)].filter((write) => !kept.has(write));
  const { hostname } = replica.engine.myself;
  if (writes.length > 0) ground.onDropped({ hostname, writes, why: { copies: primary.engine.myself.hostname } });
}

/** Adds a write to a primary's data and sends it on. */
export function append(ground: Ground, primary: Server, write: number): void {
  primary.replication.log.push(write);
  primary.replication.offset++;
  for (const replica of primary.replication.acknowledged.keys()) pass(ground, primary, replica);
}

/** Sends a replica everything up to now; it says how much it has. */
function pass(ground: Ground, primary: Server, replica: Server): void {
  const { network, timeline } = ground;
  const { upstream } = replica.replication;
  const { length } = primary.replication.log;
  network.notify(primary.place.host, replica.place.host, () => {
    if (!upstream || !isCurrent(replica, upstream) || upstream.server !== primary || !primary.alive) return;
    upstream.heardAt = timeline.now();
    extend(replica.replication, primary.replication.log, length);
    for (const below of replica.replication.acknowledged.keys()) pass(ground, replica, below);
    network.notify(replica.place.host, primary.place.host, () => {
      if (primary.replication.acknowledged.has(replica)) primary.replication.acknowledged.set(replica, length);
    });
  });
}

function extend(replication: Replication, source: readonly number[], length: number): void {
  const { log } = replication;
  for (let index = log.length; index < length; index++, replication.offset++) log.push(source[index]!);
}

/** TCP sends again what was lost on the way. */
function resend(ground: Ground, replica: Server, upstream: Upstream): void {
  ground.timeline.after(retryMs, () => {
    const primary = upstream.server;
    if (!primary || !isCurrent(replica, upstream) || !primary.alive) return;
    const missing = primary.replication.log.length > (primary.replication.acknowledged.get(replica) ?? Infinity);
    if (missing) pass(ground, primary, replica);
    resend(ground, replica, upstream);
  });
}

/** The primary pings its replicas; one that hears nothing for long looks for a new link. */
function beat(ground: Ground, replica: Server, upstream: Upstream): void {
  ground.timeline.after(pingMs, () => {
    const primary = upstream.server;
    if (!primary || !isCurrent(replica, upstream)) return;
    const now = ground.timeline.now();
    if (primary.alive && connected(primary, replica)) upstream.heardAt = now;
    if (now - (upstream.heardAt ?? now) > timeoutMs) {
      resume(ground, replica);
      return;
    }
    beat(ground, replica, upstream);
  });
}
