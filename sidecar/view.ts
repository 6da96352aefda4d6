/** What the agent knows of the world, as plain data. No clock, no connection: whoever holds a view can print it, store it, plan from it. */

/** First and last hash slot, both included. */
export type SlotRange = readonly [first: number, last: number];

/** Where a server and its agent answer now. */
export interface Address {
  readonly ip: string;
  readonly client: number;
  readonly bus: number;
  readonly agent: number;
}

/** What a node is to its shard. The wire says `master` and `slave`. */
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
  /** Id of the primary a replica follows. */
  readonly primaryId?: string;
  readonly configEpoch: number;
  readonly slots: readonly SlotRange[];
  /** Slots half-way to or from another node, as `slot->id` or `slot<-id`. */
  readonly openSlots: readonly string[];
}

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
  /** Every node it knows, itself included. */
  readonly table: readonly TableEntry[];
}

/** A server that answers. */
export interface ServerUp {
  readonly state: 'up';
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
}

/** A server that does not answer. `absent`: the connection is refused, so nothing listens there. */
export interface ServerDown {
  readonly state: 'absent' | 'unreachable';
  readonly reason: string;
}

/** What a server answered, if it did. */
export type ServerView = ServerUp | ServerDown;

/** What lies on a node's volume, readable while its server does not run. */
export interface DiskView {
  /** There are files that the server would load. */
  readonly hasData: boolean;
  /** From `nodes.conf`; absent on a fresh volume. */
  readonly cluster?: {
    readonly id: string;
    readonly role: Role;
    readonly primaryId?: string;
    readonly configEpoch: number;
    readonly slots: readonly SlotRange[];
    /** As in a {@link TableEntry}. Absent in what older agents say. */
    readonly openSlots?: readonly string[];
  };
}

/** Whether the own server lets in whom it should, from the files that are mounted now; `unclear` where these are not in order. */
export type AccountsView =
  { readonly state: 'current' | 'changed' } | { readonly state: 'unclear'; readonly reason: string };

/** What an agent says of its own node. */
export interface AgentReport {
  readonly node: string;
  /** The server's cluster id, as read over loopback or from its volume. */
  readonly id?: string;
  /** `held`: it does not run, and what it had in memory is gone. `unknown`: it does not answer, or has not been looked at yet. */
  readonly server: 'held' | 'up' | 'loading' | 'unknown';
  /** Slots of which its server has keys that it came back with, although others have owned them since. Absent where there are none. */
  readonly leftovers?: readonly number[];
  /** The pod is on its way out; it can take nothing over. */
  readonly ending: boolean;
  /** What a person has to put right. */
  readonly problem?: string;
  readonly disk: DiskView;
  /** The Kubernetes node the pod runs on, '' where unknown. */
  readonly host: string;
  /** Its zone, '' where unknown. */
  readonly zone: string;
}

/** One node of the database as somebody outside its pod sees it. */
export interface NodeView {
  readonly name: string;
  readonly shard: string;
  /** Absent where the host name resolves to nothing. */
  readonly address?: Address;
  /** Absent where the agent does not answer. */
  readonly agent?: AgentReport;
  /** Its agent said that the pod is ending, and has said nothing else since. */
  readonly ending: boolean;
  readonly server: ServerView;
}

/** The whole database. */
export interface DatabaseView {
  /** In the order of the configuration, each node once. */
  readonly nodes: readonly NodeView[];
  /** Nodes that the servers know and the configuration no longer does: their shards leave. Absent where there are none. */
  readonly leaving?: readonly NodeView[];
  /** Milliseconds that an id has been in somebody's table without being the id of any node above. */
  readonly strangers: Readonly<Record<string, number>>;
}

/** A slot migration that the engine does by itself, as its source tells it: `CLUSTER GETSLOTMIGRATIONS`. */
export interface SlotMigration {
  readonly toId: string;
  readonly slots: readonly SlotRange[];
  readonly state: 'running' | 'done' | 'failed';
  /** Why it failed, as the engine says; '' where it has not. */
  readonly reason: string;
  /** Milliseconds since its last news, by the clock of its server. */
  readonly quietMs: number;
}

/** What a server that owns slots says of them. */
export interface SlotAccount {
  readonly keys: number;
  /** Oldest first. Empty where the engine has no such thing. */
  readonly migrations: readonly SlotMigration[];
}

/** Something that stands in the way of a slot, found when it was to be moved. */
export interface LargeKey {
  readonly slot: number;
  readonly node: string;
  readonly key: string;
  readonly bytes: number;
}

/** What is seen of the database by whoever moves its slots. */
export interface SlotsView {
  readonly database: DatabaseView;
  /** By node name. Looked at only while there are slots to move. */
  readonly accounts: Readonly<Record<string, SlotAccount>>;
  /** Found in the last minutes. */
  readonly largeKeys: readonly LargeKey[];
}

/** What an agent sees of its own node, in its own pod. */
export interface OwnView {
  readonly name: string;
  readonly shard: string;
  readonly server: ServerView;
  readonly disk: DiskView;
  readonly accounts: AccountsView;
  /** Id of the newest start of the server's container; absent before the first. */
  readonly start?: string;
  /** That start has its permit, and its server has not answered yet. */
  readonly permitted: boolean;
  /** Milliseconds since the server was first seen not to answer, by this agent; 0 while it answers. */
  readonly heldMs: number;
  /** The pod is ending: the preStop hook of the server waits for the agent's word. */
  readonly stopping: boolean;
  /** Milliseconds since {@link stopping} was first seen; 0 before. */
  readonly stoppingMs: number;
  /**
   * Milliseconds for which no other shard of the configuration has had a node that answers and does not end; absent where one has, and
   * while this pod does not end.
   */
  readonly forsakenMs?: number;
  /** The agents' account has been deleted: so has the database. */
  readonly disowned: boolean;
  /** The other agents have been told that this pod is ending. */
  readonly told: boolean;
  /** The agent has given its word that the pod may end. */
  readonly released: boolean;
  /** The role label the pod carries, as far as the agent knows. */
  readonly labelledRole?: Role;
  /** See {@link AgentReport}, and for how many milliseconds they have been seen. */
  readonly leftovers?: { readonly slots: readonly number[]; readonly seenMs: number };
  /** The rest of the database. Looked at only when something depends on it: the node is held, ends, or has leftovers. */
  readonly database?: DatabaseView;
}
