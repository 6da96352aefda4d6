import { countSlots } from '../../../sidecar/slots';
import type { ClusterView, DiskView, TableEntry } from '../../../sidecar/view';
import { busPort, clientPort } from '../ports';
import { ownedSlots } from './roles';
import { createPeer, epochOf, type Engine, type Peer } from './state';

/** A server's `nodes.conf`: what it knows after a restart. */
export interface SavedTable {
  readonly id: string;
  readonly currentEpoch: number;
  readonly lastVoteEpoch: number;
  readonly peers: readonly SavedPeer[];
  readonly migrating: Iterable<readonly [slot: number, id: string]>;
  readonly importing: Iterable<readonly [slot: number, id: string]>;
}

type SavedPeer = Pick<
  Peer,
  | 'id'
  | 'role'
  | 'primaryId'
  | 'shardId'
  | 'ip'
  | 'hostname'
  | 'addressless'
  | 'suspected'
  | 'failed'
  | 'configEpoch'
  | 'slots'
>;

/** Everything but handshakes. */
export function save(engine: Engine): SavedTable {
  const { myself, currentEpoch, lastVoteEpoch, peers } = engine;
  const kept = peers.list.filter((peer) => !peer.handshake).map((peer) => savePeer(engine, peer));
  const marks = { migrating: [...engine.migrating], importing: [...engine.importing] };
  return { id: myself.id, currentEpoch, lastVoteEpoch, peers: kept, ...marks };
}

function savePeer(engine: Engine, peer: Peer): SavedPeer {
  const { id, role, primaryId, shardId, ip, hostname, addressless, suspected, failed, slots } = peer;
  return {
    id,
    role,
    primaryId,
    shardId,
    ip,
    hostname,
    addressless,
    suspected,
    failed,
    slots,
    configEpoch: epochOf(engine, peer),
  };
}

/** Fills a new server's table from its file. clusterLoadConfig */
export function load(engine: Engine, saved: SavedTable): void {
  engine.currentEpoch = saved.currentEpoch;
  engine.lastVoteEpoch = saved.lastVoteEpoch;
  for (const [slot, id] of saved.migrating) engine.migrating.set(slot, id);
  for (const [slot, id] of saved.importing) engine.importing.set(slot, id);
  for (const line of saved.peers) {
    const { id, role, primaryId, shardId, hostname, slots } = line;
    const configEpoch = role === 'replica' ? 0 : line.configEpoch;
    if (id === engine.myself.id) Object.assign(engine.myself, { role, primaryId, shardId, slots, configEpoch });
    else {
      const known = { id, role, primaryId, shardId, hostname, slots, configEpoch };
      const { ip, addressless, suspected, failed } = line;
      engine.peers.set(id, {
        ...createPeer(id, engine.now),
        ...known,
        ip,
        addressless,
        suspected,
        failed,
        failedAt: engine.now,
      });
    }
  }
}

/** What agents do to the file of a server that is to start: a replica is of the shard of its primary. */
export const alignShardIds = (saved: SavedTable): SavedTable => {
  const shardIds = new Map(saved.peers.map(({ id, shardId }) => [id, shardId]));
  const peers = saved.peers.map((peer) => ({ ...peer, shardId: shardIds.get(peer.primaryId ?? '') ?? peer.shardId }));
  return { ...saved, peers };
};

/** The same: no other node is at the server's own address. */
export const disownAddress = (saved: SavedTable, own: string): SavedTable => ({
  ...saved,
  peers: saved.peers.map((peer) =>
    peer.id !== saved.id && peer.ip === own ? { ...peer, ip: '', addressless: true } : peer,
  ),
});

/** What the volume says of the node, as the agent reads it. */
export function diskCluster(saved: SavedTable): NonNullable<DiskView['cluster']> {
  const { id, peers } = saved;
  const { role, primaryId, configEpoch, slots } = peers.find((peer) => peer.id === id)!;
  const following = primaryId === undefined ? {} : { primaryId };
  return { id, role, ...following, configEpoch, slots, openSlots: marksOf(saved) };
}

/** `CLUSTER INFO` and `CLUSTER NODES`, parsed. */
export function view(engine: Engine): Omit<ClusterView, 'replicationUser'> {
  return {
    id: engine.myself.id,
    ok: engine.ok,
    currentEpoch: engine.currentEpoch,
    nodeTimeoutMs: engine.nodeTimeoutMs,
    replicasToWrite: 0,
    slotsAssigned: countSlots(ownedSlots(engine)),
    table: engine.peers.list.map((peer) => entry(engine, peer)),
  };
}

function entry(engine: Engine, peer: Peer): TableEntry {
  const { id, ip, hostname, role, handshake, primaryId, slots } = peer;
  return {
    id,
    ip,
    client: peer.addressless ? 0 : clientPort,
    bus: peer.addressless ? 0 : busPort,
    hostname,
    myself: peer === engine.myself,
    role,
    health: peer.failed ? 'failed' : peer.suspected ? 'suspected' : 'ok',
    handshake,
    connected: peer === engine.myself || peer.link !== undefined,
    ...(peer.pongReceived > 0 ? { lastPongMs: engine.now - peer.pongReceived } : {}),
    unansweredMs: peer.pingSent > 0 ? engine.now - peer.pingSent : 0,
    ...(primaryId === undefined ? {} : { primaryId }),
    configEpoch: epochOf(engine, peer),
    slots,
    openSlots: peer === engine.myself ? marksOf(engine) : [],
  };
}

const marksOf = ({ migrating, importing }: Pick<SavedTable, 'migrating' | 'importing'>): string[] => [
  ...[...migrating].map(([slot, id]) => `${slot}->${id}`),
  ...[...importing].map(([slot, id]) => `${slot}<-${id}`),
];

/** `CLUSTER SHARDS` lists both in one. */
export const hasMate = ({ peers, myself }: Engine, id: string): boolean => peers.get(id)?.shardId === myself.shardId;
