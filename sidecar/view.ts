/** What the agent knows of the world, as plain data. No clock, no connection: whoever holds a view can print it, store it, plan from it. */

import type { EngineName } from '../lib/contract/engines';
import type { ClaimView } from './view-claims';
import type { SentinelView } from './view-sentinels';
import type { ConfigurationView } from './view-configuration';
import type { DrainOrder } from './view-drain';
import type { SetView } from './view-sets';
import type { DiskView } from './view-disk';
import type { RestoreView } from './view-restore';
import type { Progress } from './view-slots';
import type { SourceLink, SourceView } from './view-source';

export type { AccountsView, DirectivesView, OwnView, PrimacyView } from './view-own';
export type { DiskView } from './view-disk';
export type { OwnSentinelView, SentinelView, WatchView } from './view-sentinels';
export type { PodView, SetView, StoppedRollout, Trouble } from './view-sets';
export type { SourceLink, SourceView } from './view-source';

/** First and last hash slot, both included. */
export type SlotRange = readonly [first: number, last: number];

/** Where a server and its agent answer now. */
export interface Address {
  readonly ip: string;
  readonly client: number;
  readonly bus: number;
  readonly agent: number;
}

/** What a node is to its shard: one that copies a source for all others is its primary. The wire says `master` and `slave`. */
export type Role = 'primary' | 'replica';

/** One line of a server's `CLUSTER NODES`: what that server believes of a node. */
export interface TableEntry {
  readonly id: string;
  readonly ip: string;
  readonly client: number;
  readonly bus: number;
  /** The announced host name, '' where none is known. */
  readonly hostname: string;
  readonly myself: boolean;
  readonly role: Role;
  /** `suspected` is this server's own opinion (`fail?`), `failed` the majority's (`fail`). */
  readonly health: 'ok' | 'suspected' | 'failed';
  /** A MEET that is not answered yet: the id is not the node's own. */
  readonly handshake: boolean;
  readonly connected: boolean;
  /** How long ago it answered this server last, where it owes an answer. Milliseconds. */
  readonly lastPongMs?: number;
  /** For how long a ping of this server to it has been without an answer; absent where none is for longer than a moment. Milliseconds. */
  readonly unansweredMs?: number;
  /** Id of the primary a replica follows. */
  readonly primaryId?: string;
  readonly configEpoch: number;
  readonly slots: readonly SlotRange[];
  /** Slots half-way to or from another node, as `slot->id` or `slot<-id`. */
  readonly openSlots: readonly string[];
}

/** Where a server takes clients, and replicas. */
export type Place = Pick<Address, 'ip' | 'client'>;

/** One server's own account of a cluster. */
export interface ClusterView {
  readonly id: string;
  readonly ok: boolean;
  readonly currentEpoch: number;
  readonly slotsAssigned: number;
  /** Its `cluster-node-timeout` as it is now. */
  readonly nodeTimeoutMs: number;
  /** As whom it signs in where it copies, its `masteruser` as it is now. */
  readonly replicationUser: string;
  /** How many replicas have to be in touch for it to take a write, its `min-replicas-to-write` as it is now. */
  readonly replicasToWrite: number;
  /** Where a replica copies from, as it was told last: not always where its primary is. */
  readonly copiesFrom?: Place;
  /** Every node it knows, itself included. */
  readonly table: readonly TableEntry[];
}

/** Who is primary in topology `replication`: a fact with an epoch, changed by compare-and-swap. */
export interface PrimaryRecord {
  /** One more with every change of primary; 0 where there has never been one. */
  readonly epoch: number;
  /** Name of the node; '' at epoch 0. */
  readonly primary: string;
  /** Who was it before; '' where nobody was. */
  readonly before: string;
  /** The one before takes no writes any more for certain, and its successor waits for nothing. */
  readonly vacated: boolean;
  /** Nodes that copy the primary and have caught up: no other may succeed it. In the order of the configuration. */
  readonly inSync: readonly string[];
  /** The primary's replication id, which its copies share; '' until there are any. */
  readonly history: string;
  /** Name of the source whose data this is; absent where the database has data of its own. */
  readonly source?: string;
}

/** How a server copies, or is copied. */
export interface CopyView {
  /** `master_replid`: the stream of writes that its offset counts. */
  readonly history: string;
  /** Where a replica copies from. */
  readonly from?: Place;
  /** `replica-priority`: the lower the sooner it is chosen, and 0 never. */
  readonly priority: number;
  /** `min-replicas-to-write` as it is now. */
  readonly floor: number;
  /** How many it holds, of all databases. */
  readonly keys: number;
  /** Present where it copies the primary elsewhere: all others copy it, and nobody writes. */
  readonly source?: SourceLink;
}

/** One node whose writes a server of a mesh receives: a line of its `INFO replication` for each `REPLICAOF`. */
export interface LinkView {
  /** As the server was told: an address, or the name of a node elsewhere. */
  readonly host: string;
  readonly port: number;
  /** The first copy is there, and writes stream in. */
  readonly up: boolean;
  /** The first copy is on its way. */
  readonly copying: boolean;
  /** Bytes of the other's stream that have arrived. */
  readonly offset: number;
  /** Seconds since a link that was up went down; absent while it is up, and where it never was. */
  readonly downSeconds?: number;
}

/** A server that answers. */
export interface ServerUp {
  readonly state: 'up';
  /** Absent where it does not say. */
  readonly engine?: EngineName;
  readonly version: string;
  readonly role: Role;
  /** It reads its files from disk and refuses commands until then. */
  readonly loading: boolean;
  /** Bytes of the replication stream: produced by a primary, received by a replica. */
  readonly offset: number;
  /** A replica's link to its primary; true for a primary. */
  readonly linkUp: boolean;
  /** Seconds since a replica last heard from its primary; 0 for a primary. */
  readonly linkSilentSeconds: number;
  readonly connectedReplicas: number;
  readonly connectedClients: number;
  readonly usedMemoryBytes: number;
  /** 0 where there is no limit. */
  readonly maxMemoryBytes: number;
  /** Present in topology `cluster`. */
  readonly cluster?: ClusterView;
  /** Present where one server copies another, and in `standalone`. */
  readonly copy?: CopyView;
  /** Present in topology `multi-master`. */
  readonly links?: readonly LinkView[];
  /** In `multi-master`: clients can write nothing, and what others write arrives all the same. */
  readonly refusesWrites?: boolean;
  /** In `multi-master`: its append-only file is being made anew, as it is after each first copy, and does not hold new writes until then. */
  readonly rewritesLog?: boolean;
}

/** A server that does not answer. `absent`: the connection is refused, so nothing listens there. */
export interface ServerDown {
  readonly state: 'absent' | 'unreachable';
  readonly reason: string;
}

/** What a server answered, if it did. */
export type ServerView = ServerUp | ServerDown;

/** What a node keeps of the record. */
export type LastPrimary = Pick<PrimaryRecord, 'epoch' | 'primary' | 'source'>;

/** What an agent says of its own node. */
export interface AgentReport {
  readonly node: string;
  /** The server's cluster id, as read over loopback or from its volume. */
  readonly id?: string;
  /** `held`: it does not run, and what it had in memory is gone. `unknown`: it does not answer, or has not been looked at yet. */
  readonly server: 'held' | 'up' | 'loading' | 'unknown';
  /** Slots of which its server has keys that it came back with, although others have owned them since. Absent where there are none. */
  readonly leftovers?: readonly number[];
  /** The pod is on its way out, or the node is fenced; it can take nothing over. */
  readonly ending: boolean;
  /** How many shards the database is to have, as far as this agent has heard. Absent in what older agents say. */
  readonly shards?: number;
  /** Why the node serves nobody, where it is fenced. */
  readonly fenced?: string;
  /** Why the agent does nothing, where it is paused. */
  readonly paused?: string;
  /** In `multi-master`: it has everything that the others had when its server started. */
  readonly serving?: boolean;
  /** What a person has to put right. */
  readonly problem?: string;
  /** What a person should know of; absent where there is nothing. */
  readonly warnings?: readonly string[];
  /** Modules of the spec that its server has not loaded; absent where it has all. */
  readonly missingModules?: readonly string[];
  /** Names of directives that its server does not have before its next start. */
  readonly atStart?: readonly string[];
  readonly disk: DiskView;
  /** The Kubernetes node the pod runs on, '' where unknown. */
  readonly host: string;
  /** Its zone, '' where unknown. */
  readonly zone: string;
  /** The newest record that it knows: an agent that says so acknowledges no older one. */
  readonly record?: PrimaryRecord;
  /** Milliseconds for which the primary of that record has not answered it; 0 while it does. */
  readonly primarySilentMs?: number;
  /** What it knows of the primary elsewhere that the spec names; absent where it names none. */
  readonly source?: SourceView;
  /** What it brings to its volume; absent where that is nothing. */
  readonly restoring?: RestoreView;
  /** How the slots get on that this agent, the coordinator, moves; absent while it moves none. */
  readonly moving?: Progress;
}

/** One node of the database as somebody outside its pod sees it. */
export interface NodeView {
  readonly name: string;
  readonly shard: string;
  /** Absent where the host name resolves to nothing. */
  readonly address?: Address;
  /** In `sentinel`: where everybody but the agents is told that the node is, a Service; absent where its name resolves to nothing. */
  readonly announced?: Address;
  /** Absent where the agent does not answer. */
  readonly agent?: AgentReport;
  /** Its agent said that the pod is ending or the node fenced, and has said nothing else since. */
  readonly ending: boolean;
  /** Why it is fenced, as its agent said last. */
  readonly fenced?: string;
  readonly server: ServerView;
  /** Since its server has not answered this agent; absent while it does. */
  readonly silence?: Silence;
}

/** A server that does not answer, again and again. */
export interface Silence {
  /** Milliseconds since the first look that it did not answer. */
  readonly forMs: number;
  /** How often it was looked at since. */
  readonly looks: number;
}

/** The whole database. */
export interface DatabaseView {
  /** How long it took to look: whoever does not answer keeps the look waiting. Milliseconds. */
  readonly tookMs?: number;
  /** In the order of the configuration, each node once. */
  readonly nodes: readonly NodeView[];
  /** Nodes that the servers know and the configuration no longer does: their shards leave. Absent where there are none. */
  readonly leaving?: readonly NodeView[];
  /** Milliseconds that an id has been in somebody's table without being the id of any node above. */
  readonly strangers: Readonly<Record<string, number>>;
  /** In `sentinel`: in the order of the configuration, each once. */
  readonly sentinels?: readonly SentinelView[];
  /** One a shard. Only the coordinator looks; absent where the API does not answer, and where there is none. */
  readonly sets?: readonly SetView[];
  /** Milliseconds for which a pod of a new revision has not been sound, by its name. */
  readonly unsoundMs?: Readonly<Record<string, number>>;
  /** Only the coordinator looks; absent where the API does not answer, and where there is none. */
  readonly configuration?: ConfigurationView;
  /** One a node that has one. Only the coordinator looks, and only where volumes are to be larger than they were made. */
  readonly claims?: readonly ClaimView[];
  /** Why nothing is to be done, where the agents are paused. */
  readonly paused?: string;
  /** Shards that are to give their slots away although the configuration has them; absent where nobody asks for that. */
  readonly drain?: DrainOrder;
  /** In `multi-master`, what the coordinator remembers and reads beside the nodes. */
  readonly mesh?: MeshView;
}

/** See {@link DatabaseView.mesh}. Times are in milliseconds. */
export interface MeshView {
  /** The role label of each pod that wears one; absent where the API does not say. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** How long each node's server has not answered; nodes that answer are not in it. */
  readonly silentMs: Readonly<Record<string, number>>;
  /** How long there have been links to a place (`HOST:PORT`) where no node is and no peer of the spec. */
  readonly strayMs: Readonly<Record<string, number>>;
}
