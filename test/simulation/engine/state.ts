/**
 * A model of the cluster bus of Redis and Valkey, one server's part of it: what it knows of the others, what it tells them, and what
 * their messages change. Pure state and functions; the wire, the time and the data are passed in.
 *
 * Written after the specification (https://valkey.io/topics/cluster-spec/) and, where that is silent, src/cluster_legacy.c of
 * Valkey 8: names of functions there are quoted where they help to compare. Slots move by `SETSLOT` and `MIGRATE`, not by
 * `MIGRATESLOTS`; replica migration is not modelled, which is switched off in our databases.
 */
import type { Role, SlotRange } from '../../../sidecar/view';
import type { Random } from '../random';
import type { Message } from './messages';
import { PeerTable } from './peer-table';

/** A connection that this server opened to another's bus port. */
export interface Link {
  /** Whom it was opened to. */
  readonly peer: Peer;
  readonly ip: string;
  readonly openedAt: number;
  /** Messages wait in it until it is. */
  open: boolean;
  readonly waiting: Message[];
}

/** What one server believes of one node; a line of its table. */
export interface Peer {
  id: string;
  role: Role;
  primaryId: string | undefined;
  shardId: string;
  ip: string;
  hostname: string;
  /** A MEET that is not answered yet: the id is made up. */
  handshake: boolean;
  /** Greet it with MEET, so that it takes us in. */
  meet: boolean;
  /** Somebody else answers at its address. */
  addressless: boolean;
  suspected: boolean;
  failed: boolean;
  failedAt: number;
  configEpoch: number;
  /** Never changed in place: equal references are equal slots. */
  slots: readonly SlotRange[];
  offset: number;
  /** 0 where no ping is under way. */
  pingSent: number;
  pongReceived: number;
  heardAt: number;
  readonly createdAt: number;
  /** When this server last voted for a replica of it. */
  votedAt: number;
  /** Who says that it fails, and when they said so last. */
  readonly reports: Map<string, number>;
  link: Link | undefined;
}

/** The server around the bus. */
export interface Surroundings {
  /** Opens it. */
  readonly connect: (link: Link) => void;
  readonly send: (link: Link, message: Message) => void;
  /** Copies from whoever serves at this address; from nobody where undefined. */
  readonly follow: (ip: string | undefined, full: boolean) => void;
  /** What the data holds. */
  readonly hasKeys: () => boolean;
  readonly keysIn: (slot: number) => number;
  /** Another primary has these slots now: what is left of them goes. */
  readonly dropKeys: (slots: readonly SlotRange[], heir: string) => void;
  readonly offset: () => number;
  /** How old a replica's data is, Infinity where it never had a primary since it started. Milliseconds. */
  readonly dataAgeMs: () => number;
}

/** One server's part of the bus. */
export interface Engine {
  nodeTimeoutMs: number;
  readonly random: Random;
  readonly around: Surroundings;
  readonly myself: Peer;
  /** By id, this server itself included. */
  readonly peers: PeerTable;
  now: number;
  cronRuns: number;
  currentEpoch: number;
  lastVoteEpoch: number;
  /** `cluster_state:ok` */
  ok: boolean;
  readonly startedAt: number;
  minorityAt: number;
  /** Voting primaries, as this server counts them. */
  size: number;
  /** Ids that gossip may not bring back, and until when. */
  readonly forgotten: Map<string, number>;
  readonly election: { at: number; sent: boolean; votes: number; rank: number; epoch: number };
  /** Slots on their way to others and from others, and their ids. */
  readonly migrating: Map<number, string>;
  readonly importing: Map<number, string>;
  /** A manual failover; `until` is 0 where there is none. */
  readonly manual: { until: number; canStart: boolean; replica: string | undefined; primaryOffset: number | undefined };
}

/** A server that knows nobody, and the `myself` line of its table. */
export function createEngine(
  who: { readonly id: string; readonly shardId: string; readonly ip: string; readonly hostname: string },
  settings: Pick<Engine, 'nodeTimeoutMs' | 'random' | 'around' | 'now'>,
): Engine {
  const myself = { ...createPeer(who.id, settings.now), ...who };
  return {
    ...settings,
    myself,
    peers: new PeerTable().set(myself.id, myself),
    cronRuns: settings.random.below(10),
    currentEpoch: 0,
    lastVoteEpoch: 0,
    ok: false,
    startedAt: settings.now,
    minorityAt: -Infinity,
    size: 0,
    forgotten: new Map(),
    election: { at: -Infinity, sent: false, votes: 0, rank: 0, epoch: 0 },
    migrating: new Map(),
    importing: new Map(),
    manual: { until: 0, canStart: false, replica: undefined, primaryOffset: undefined },
  };
}

/** A node of which only the id is known. */
export function createPeer(id: string, now: number): Peer {
  return {
    id,
    role: 'primary',
    primaryId: undefined,
    shardId: `shard of ${id}`,
    ip: '',
    hostname: '',
    handshake: false,
    meet: false,
    addressless: false,
    suspected: false,
    failed: false,
    failedAt: 0,
    configEpoch: 0,
    slots: [],
    offset: 0,
    pingSent: 0,
    pongReceived: 0,
    heardAt: 0,
    createdAt: now,
    votedAt: -Infinity,
    reports: new Map(),
    link: undefined,
  };
}

/** Has a vote: a primary with slots. */
export const votes = (peer: Peer): boolean => peer.role === 'primary' && peer.slots.length > 0;

/** Can be told something, and answers for itself. */
export const isGreeted = (engine: Engine, peer: Peer): boolean => peer !== engine.myself && !peer.handshake;

/** The primary this server follows; undefined for a primary. */
export const primaryOfMyself = ({ myself, peers }: Engine): Peer | undefined =>
  myself.primaryId === undefined ? undefined : peers.get(myself.primaryId);

/** The config epoch a node speaks under: a replica under its primary's. */
export const epochOf = ({ peers }: Engine, peer: Peer): number =>
  (peer.primaryId === undefined ? undefined : peers.get(peer.primaryId)?.configEpoch) ?? peer.configEpoch;

/** How many it takes for a majority of the voting primaries. */
export const quorum = (engine: Engine): number => Math.floor(engine.size / 2) + 1;

/** Whether a link is still in use. */
export const isCurrent = ({ peers }: Engine, link: Link): boolean =>
  link.peer.link === link && peers.get(link.peer.id) === link.peer;

/** Closes a link; the cron opens a new one. */
export function dropLink(peer: Peer): void {
  peer.link = undefined;
}

/** clusterDelNode */
export function removePeer(engine: Engine, peer: Peer): void {
  dropLink(peer);
  engine.peers.delete(peer.id);
  for (const other of engine.peers.values()) other.reports.delete(peer.id);
}
