/** The narrow interfaces through which the agent touches anything outside itself. Each has a home in Kubernetes and one on a single machine. */
import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import type { AccountChange } from './accounts/account';
import type { Action, ActionOf, StartRole } from './action';
import type { ClaimView } from './view-claims';
import type { ConfigurationView } from './view-configuration';
import type { SetView } from './view-sets';
import type {
  AccountsView,
  Address,
  AgentReport,
  DirectivesView,
  DiskView,
  LastPrimary,
  Place,
  PrimaryRecord,
  Role,
  ServerView,
  SlotRange,
} from './view';
import type { DrainOrder } from './view-drain';
import type { LoadedModule } from './view-own';

export type { Announcement, Sentinel, Sentinels } from './edges-sentinels';
export type { Gate, GateWatch } from './edges-source';
export type { Depth, Parcel, SlotContents, SlotMark, SlotServer, SlotServers } from './edges-slots';

/** Time, passed in so that a simulation can own it. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Resolves after that long, or at once when the signal is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One database server, reached over its client port. Every call is bounded in time and rejects when the bound is passed. */
export interface Server {
  /** Never rejects: a server that does not answer is a fact too. */
  look(): Promise<ServerView>;
  setConfigEpoch(epoch: number): Promise<void>;
  /** `CONFIG SET cluster-node-timeout`: until the server's next start. */
  setNodeTimeout(ms: number): Promise<void>;
  addSlots(slots: readonly SlotRange[]): Promise<void>;
  meet(at: Address): Promise<void>;
  replicate(primaryId: string): Promise<void>;
  /** `CONFIG SET masteruser`: until the server's next start. */
  setReplicationUser(user: string): Promise<void>;
  /** `ACL SETUSER`, `ACL DELUSER`, `CONFIG SET masterauth`: until the server's next start. Who is still let in stays connected. */
  setAccounts(change: AccountChange): Promise<void>;
  /** `CONFIG SET`: until the server's next start. */
  setDirective(name: string, value: string): Promise<void>;
  /**
   * `CONFIG SET cluster-announce-hostname`, and `-client-port` where the engine has it: until the server's next start.
   *
   * @param port 0 for the one where it listens
   */
  announce(host: string, port: number): Promise<void>;
  /** `MODULE LIST`: a path each, a name alone where the engine does not say the path. */
  modules(): Promise<readonly LoadedModule[]>;
  /** Whether the server counts a node to its own shard; true where the engine does not say. */
  hasMate(id: string): Promise<boolean>;
  failover(force: boolean): Promise<void>;
  /** Takes the slots of its primary over without asking for votes. */
  promote(): Promise<void>;
  forget(id: string): Promise<void>;
  /** Deletes the keys of slots that are marked as half-way to this server, and the marks. Ends after a while: what is left keeps its mark. */
  discard(slots: readonly number[]): Promise<void>;
  /** `REPLICAOF` in a mesh: receives what that node writes, beside what it receives already. Done twice, nothing changes. */
  link(host: string, port: number): Promise<void>;
  /** `REPLICAOF REMOVE`. Done twice, nothing changes. */
  unlink(host: string, port: number): Promise<void>;
  /** `SHUTDOWN`: it writes its files, and is gone then. Rejects with the reason where it says that it stays. */
  shutDown(): Promise<void>;
  /** `CONFIG SET replica-read-only`, until the server's next start: clients of a node of a mesh can write nothing. */
  refuseWrites(): Promise<void>;
  /** Where the agents decide who is primary. */
  readonly roles: RoleOrders;
}

/** What makes a server primary or replica. */
export interface RoleOrders {
  /** `REPLICAOF`. */
  follow(at: Place): Promise<void>;
  /** `REPLICAOF NO ONE`. */
  lead(): Promise<void>;
  /** `CONFIG SET min-replicas-to-write`, until the server's next start. */
  setFloor(replicas: number): Promise<void>;
  /** `CLIENT PAUSE ... WRITE`. */
  pauseWrites(ms: number): Promise<void>;
  /** `CLIENT UNPAUSE`. */
  resumeWrites(): Promise<void>;
  /** `CLIENT KILL` of everybody but the agent and the replicas: behind a Service they find the new primary only when they connect again. */
  dropClients(): Promise<void>;
}

/** Connections to every server of the database. */
export interface Servers {
  /** The same connection each time for the same node at the same address. */
  of(node: NodeConfig, at: Address): Server;
  /** Calls back, with the node's name, each time an open connection is lost: the first sign of a dead process. */
  onLost(listener: (node: string) => void): void;
  /** Closes everything. */
  close(): void;
}

/** Where the nodes are now. */
export interface AddressBook {
  /** undefined where the name does not resolve. */
  locate(node: NodeConfig): Promise<Address | undefined>;
}

/**
 * What an agent can be asked for: to look again at what persons have asked of it, or to hand the office over that it has
 * under that epoch, and no later one: an order that was carried out is not carried out again.
 */
export type PeerRequest =
  { readonly do: 'look-again' } | { readonly do: 'hand-over'; readonly to: string; readonly epoch: number };

/** The agents of the other nodes. */
export interface Peers {
  /** undefined where the agent does not answer in time, or is not the one of that node. */
  report(node: NodeConfig, at: Address): Promise<AgentReport | undefined>;
  /** Pushes the own report to an agent, which looks at its surroundings at once (`POST /v1/report`). Never rejects. */
  tell(node: NodeConfig, at: Address, report: AgentReport): Promise<void>;
  /** Has an agent do something that its own cycles do not come to by themselves (`POST /v1/request`). Rejects where it does not take it. */
  request(node: NodeConfig, at: Address, request: PeerRequest): Promise<void>;
}

/** The files that the agent shares with the server beside it. */
export interface NodeHome {
  disk(): Promise<DiskView>;
  /** Whether the server has been told of everybody whom it is to let in. Never rejects. */
  accounts(): Promise<AccountsView>;
  /** Writes {@link paths.nodeConfig} and {@link paths.accounts}: secrets, users, announced address. Done before any permit. */
  writeNodeConfig(config: AgentConfig): Promise<void>;
  /** Has a server that runs told who is let in now, and then writes the same. */
  updateAccounts(config: AgentConfig, tell: (change: AccountChange) => Promise<void>): Promise<void>;
  /** What a server that runs does not have of its configuration file. Never rejects. */
  directives(): Promise<DirectivesView>;
  /** Has a server that runs told what it can be told of it; what it refuses is kept in mind, and not asked for again. */
  updateDirectives(tell: (name: string, value: string) => Promise<void>): Promise<void>;
  /** Id of the newest start of the server's container; undefined before the first. */
  start(): Promise<string | undefined>;
  /** @param anew what is on the volume goes aside first */
  permit(start: string, anew: boolean): Promise<void>;
  /** Writes {@link paths.startRole}: as what the server starts next. */
  writeStartRole(role: StartRole): Promise<void>;
  /** Keeps on the volume who is primary. */
  rememberPrimary(record: LastPrimary): Promise<void>;
  /** Keeps {@link paths.copiedSource}; undefined where the database has data of its own. */
  rememberSource(source: string | undefined): Promise<void>;
  /** Keeps {@link paths.orders}. */
  rememberOrders(orders: Orders): Promise<void>;
  /** undefined where there are none yet. Never rejects. */
  recallOrders(): Promise<Orders | undefined>;
  /** Whether the server's preStop hook waits; being asked is what keeps it waiting. */
  stopping(): Promise<boolean>;
  released(): Promise<boolean>;
  /** @param drained nothing of what is on the volume is needed any more: the next server starts without it, and it is kept aside */
  release(drained: boolean): Promise<void>;
}

/** What persons have asked of an agent outside Git. */
export interface Orders {
  /** The own node serves nobody. */
  readonly fenced: boolean;
  /** No agent of the database does anything. */
  readonly paused: boolean;
}

/** A record with a version, changed by compare-and-swap. */
export interface LeaseRecord {
  /** '' where nobody holds it. */
  readonly holder: string;
  readonly version: string;
  /** Changes with every renewal. */
  readonly renewal: string;
  readonly durationMs: number;
  /** A person wants the agents to do nothing: told beside the lease, because every agent looks at that anyway. */
  readonly paused?: true;
  /** Told in the same place; absent once its time is up. */
  readonly drain?: DrainOrder;
}

/** What Kubernetes knows of the way from outside to a node. */
export interface OutsideService {
  /** There is a Service for that. */
  readonly found: boolean;
  readonly nodePort?: number;
  /** Address or name of its load balancer. */
  readonly balancer?: string;
  /** Address of the machine that the node's pod is on. */
  readonly machine?: string;
}

/** The record of who is primary, and its version. */
export interface StoredPrimary {
  readonly record: PrimaryRecord;
  readonly version: string;
}

/** What the database keeps outside its servers: the Kubernetes API, or files. Calls reject when it is away. */
export interface Platform {
  readLease(): Promise<LeaseRecord>;
  /** @returns false where somebody else was faster */
  takeLease(holder: string, durationMs: number, version: string): Promise<boolean>;
  /** Has {@link LeaseRecord.paused} be so or not. */
  writePause(paused: boolean): Promise<void>;
  /**
   * Has {@link LeaseRecord.drain} be so for that long, in milliseconds, or not be any more.
   *
   * @returns false where there is no lease: no agent has ever run
   */
  writeDrain(order: DrainOrder | undefined, forMs?: number): Promise<boolean>;
  readPrimary(): Promise<StoredPrimary>;
  /**
   * Has another version afterwards, also where the record says the same as before.
   *
   * @returns the new version; undefined where somebody else was faster
   */
  writePrimary(record: PrimaryRecord, version: string): Promise<string | undefined>;
  /** A pod that is gone has no label to lose. */
  labelRole(node: string, role: Role): Promise<void>;
  /** The StatefulSets of shards, in their order, as far as they are there; undefined where there is no Kubernetes. */
  readSets(shards: readonly string[]): Promise<readonly SetView[] | undefined>;
  /** Rejects where the StatefulSet has changed since it was looked at. */
  setPartition(change: ActionOf<'set-partition'>): Promise<void>;
  /** The same; adds what the server's log says. */
  stopRollout(failure: ActionOf<'stop-rollout'>): Promise<void>;
  /** The same; remembers which revisions are alike. */
  noteTemplate(note: ActionOf<'note-template'>): Promise<void>;
  /** Changes the agent's image in a pod that runs; not in one that has taken its place meanwhile. */
  renewAgent(change: ActionOf<'renew-agent'>): Promise<void>;
  /** The same: what the pod counts as, once it is that. */
  adoptRevision(change: ActionOf<'adopt-revision'>): Promise<void>;
  /** Lets the primary of a shard be replaced by what is rolled out now. */
  approve(set: SetView): Promise<void>;
  /** Tells a pod to end, in its own time; not one that has taken its place meanwhile. */
  deletePod(node: string, uid: string): Promise<void>;
  /** What the pods are to be told of their configuration; undefined where there is no Kubernetes. */
  readConfiguration(): Promise<ConfigurationView | undefined>;
  /** Has kubelets bring the configuration of that version to the pods of nodes, those that are there. */
  bringConfiguration(nodes: readonly string[], version: string): Promise<void>;
  /** The claims of nodes' volumes, in the order of the nodes, as far as they are there. */
  readClaims(nodes: readonly string[]): Promise<readonly ClaimView[]>;
  /** Has a claim ask for so many bytes. Rejects where its StorageClass lets no volume grow. */
  growVolume(node: string, bytes: number): Promise<void>;
  /** Whether the pod of a node says that it is fenced; false where there is no such pod. */
  readFence(node: string): Promise<boolean>;
  /** Rejects where there is no such pod. */
  writeFence(node: string, fenced: boolean): Promise<void>;
  /** The Service of a node for clients outside; undefined where there is no Kubernetes. */
  readOutside(node: string): Promise<OutsideService | undefined>;
  /** The role label of a node's pod; undefined where there is no such pod, or it wears none. */
  readRole(node: string): Promise<Role | undefined>;
  /** The database's status document, for people and for GitOps tools. */
  publishStatus(document: string): Promise<void>;
  /** Whether the agents' account has been deleted, as far as this agent has heard: so has the database. Never rejects. */
  disowned(): Promise<boolean>;
  /** Something that a person may want to know of afterwards. */
  announce(action: Action, sentence: string): Promise<void>;
}

/** Who this agent is. */
export interface Identity {
  /** Pod name, the node's name too. */
  readonly node: string;
  readonly ip: string;
  /** The Kubernetes node, '' where unknown. */
  readonly host: string;
  readonly zone: string;
}

/** One line of the log a call. Facts never hold a secret. */
export interface Log {
  /** Only of interest to somebody who looks for a fault. */
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
}
