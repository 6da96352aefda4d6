import type { ServerView } from '../../../sidecar/view';
import type { Host } from '../network';
import { reach } from '../network';
import type { Random } from '../random';
import type { Timeline } from '../timeline';

/** A server of a primary and its replicas: the writes it has, whom it follows, and whether it takes any. */
export interface ModelServer {
  readonly name: string;
  readonly host: Host;
  /** Ids of writes, in order: its length is the offset. */
  log: number[];
  history: string;
  /** The stream before this one, and how much of it belongs to both. */
  earlier: { readonly history: string; readonly offset: number };
  /** Name of the node it follows; a primary where undefined. */
  follows: string | undefined;
  linkUp: boolean;
  /** When its link was last up; -Infinity for one that never was since it started. */
  linkedAt: number;
  /** Its link is up until then, and so slow that nothing arrives. */
  slowUntil: number;
  floor: number;
  pausedUntil: number;
  hangs: boolean;
  /** Counts the times it became a primary. */
  term: number;
}

/** Name of a primary elsewhere, and the port over which every server copies it. */
export const sourceServer = 'source';
export const gatePort = 7000;

/** Every server that runs, by node; and the primary elsewhere, where there is one. */
export type Servers = ReadonlyMap<string, ModelServer>;

/** How often a replica fetches what is new, at most and at least. Milliseconds. */
const fetchMs = [2, 8] as const;

/** How long the copy of everything takes. Milliseconds. */
const fullCopyMs = 150;

let terms = 0;

/** What a process starts with. */
export interface StartFacts {
  readonly name: string;
  readonly host: Host;
  readonly log: readonly number[];
  readonly follows: string | undefined;
  readonly floor: number;
}

/** A server that has just started. */
export function startModelServer(random: Random, { log, ...facts }: StartFacts): ModelServer {
  return {
    ...facts,
    log: [...log],
    history: random.hex(8),
    earlier: { history: '', offset: 0 },
    linkUp: false,
    linkedAt: -Infinity,
    slowUntil: 0,
    pausedUntil: 0,
    hangs: false,
    term: ++terms,
  };
}

/** `REPLICAOF NO ONE`. */
export function becomePrimary(server: ModelServer, random: Random): void {
  if (server.follows === undefined) return;
  server.earlier = { history: server.history, offset: server.log.length };
  server.history = random.hex(8);
  server.follows = undefined;
  server.term = ++terms;
}

/** `REPLICAOF`. */
export function becomeReplica(server: ModelServer, of: string): void {
  if (server.follows === of) return;
  server.follows = of;
  server.linkUp = false;
}

/** Has a server copy whom it follows for as long as it runs. */
export function keepCopying(server: ModelServer, servers: Servers, timeline: Timeline, random: Random): void {
  const fetch = (): void => {
    if (servers.get(server.name) !== server) return;
    timeline.after(copyOnce(server, servers, timeline) ?? random.between(...fetchMs), fetch);
  };
  timeline.after(random.between(...fetchMs), fetch);
}

/** @returns how long it takes, where that is longer than usual */
function copyOnce(server: ModelServer, servers: Servers, timeline: Timeline): number | undefined {
  const source = server.follows === undefined ? undefined : servers.get(server.follows);
  if (server.hangs || server.follows === undefined) return undefined;
  // A link to one that hangs stays open: nobody closes it.
  if (source?.hangs === true && reach(server.host, source.host)) return undefined;
  if (server.linkUp && timeline.now() < server.slowUntil && source?.follows === undefined) return undefined;
  const canServe = source && (source.follows === undefined || source.linkUp) && reach(server.host, source.host);
  if (!canServe) {
    server.linkUp = false;
    return undefined;
  }
  if (!continues(server, source)) {
    // What it had is gone from this moment on.
    server.linkUp = false;
    server.log = [...source.log];
    server.history = source.history;
    server.earlier = source.earlier;
    return fullCopyMs;
  }
  server.log.push(...source.log.slice(server.log.length));
  [server.history, server.earlier] = [source.history, source.earlier];
  [server.linkUp, server.linkedAt] = [true, timeline.now()];
  return undefined;
}

function continues(server: ModelServer, source: ModelServer): boolean {
  const offset = server.log.length;
  if (server.history === source.history) return offset <= source.log.length;
  return server.history === source.earlier.history && offset <= source.earlier.offset;
}

/** Whether a write is taken. */
export const takesWrites = (server: ModelServer, now: number): boolean =>
  server.follows === undefined && server.floor === 0 && server.pausedUntil <= now && !server.hangs;

/** What its agent reads of it. */
export function lookAtModel(server: ModelServer, addressOf: (name: string) => string, now: number): ServerView {
  const { follows, linkUp, linkedAt } = server;
  const gate = follows === sourceServer;
  const replica = follows !== undefined && !gate;
  const silentSeconds = Math.min(1_000_000_000, Math.floor((now - linkedAt) / 1000));
  return {
    state: 'up',
    version: '8.1.0',
    role: replica ? 'replica' : 'primary',
    loading: false,
    offset: server.log.length,
    linkUp: !replica || linkUp,
    linkSilentSeconds: replica ? silentSeconds : 0,
    connectedReplicas: 0,
    connectedClients: 0,
    usedMemoryBytes: 0,
    maxMemoryBytes: 0,
    copy: {
      history: server.history,
      ...(replica ? { from: { ip: addressOf(follows), client: 6379 } } : {}),
      ...(gate ? { source: { port: gatePort, up: linkUp, silentSeconds } } : {}),
      priority: 100,
      floor: server.floor,
      keys: server.log.length,
    },
  };
}
