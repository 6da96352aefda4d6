/** The narrow interfaces through which the agent touches anything outside itself. Each has a home in Kubernetes and one on a single machine. */
import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import type { AccountChange } from './accounts/account';
import type { Action } from './action';
import type { AccountsView, Address, AgentReport, DiskView, Role, ServerView, SlotAccount, SlotRange } from './view';

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
  /** Calls back each time an open connection is lost, which is the first sign of a dead process. */
  onLost(listener: () => void): void;
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
  /** Whether the server counts a node to its own shard; true where the engine does not say. */
  hasMate(id: string): Promise<boolean>;
  failover(force: boolean): Promise<void>;
  /** Takes the slots of its primary over without asking for votes. */
  promote(): Promise<void>;
  forget(id: string): Promise<void>;
  /** Deletes the keys of slots that are marked as half-way to this server, and the marks. Ends after a while: what is left keeps its mark. */
  discard(slots: readonly number[]): Promise<void>;
}

/** Connections to every server of the database. */
export interface Servers {
  /** The same connection each time for the same node at the same address. */
  of(node: NodeConfig, at: Address): Server;
  /** Closes everything. */
  close(): void;
}

/** What a server is told of a slot: who has it, or that it is on its way. */
export type SlotMark =
  { readonly importing: string } | { readonly migrating: string } | { readonly owner: string } | 'stable';

/** What a slot holds. */
export interface SlotWeight {
  readonly keys: number;
  readonly bytes: number;
  readonly largest: { readonly key: string; readonly bytes: number };
}

/** One server as whoever moves slots needs it. Every call is bounded in time and rejects when the bound is passed, or with what the server says. */
export interface SlotServer {
  account(): Promise<SlotAccount>;
  /** `CLUSTER SETSLOT` of each slot. */
  mark(slots: readonly number[], mark: SlotMark): Promise<void>;
  /** What is in each slot. Of one with very many keys the first ten thousand are weighed. */
  weigh(slots: readonly number[]): Promise<SlotWeight[]>;
  /** `CLUSTER GETKEYSINSLOT` of each slot, so many at the most. */
  keys(slots: readonly number[], most: number): Promise<Buffer[][]>;
  /** `MIGRATE`: one command for each batch, which is of one slot. Resolves when the target has them and this server no more. */
  send(batches: readonly (readonly Buffer[])[], to: Address): Promise<void>;
  /** `CLUSTER MIGRATESLOTS`: resolves when the server has taken it on and its target has let it in, or has not. */
  migrate(slots: readonly SlotRange[], toId: string): Promise<void>;
  /** `CONFIG SET masteruser`: as a replica it would sign in as one of its own shard again. */
  signBackIn(): Promise<void>;
  cancelMigrations(): Promise<void>;
}

/** Connections for moving slots, apart from those that look: a server that sends keys answers nobody meanwhile. */
export interface SlotServers {
  of(node: NodeConfig, at: Address): SlotServer;
  close(): void;
}

/** Where the nodes are now. */
export interface AddressBook {
  /** undefined where the name does not resolve. */
  locate(node: NodeConfig): Promise<Address | undefined>;
}

/** The agents of the other nodes. */
export interface Peers {
  /** undefined where the agent does not answer in time, or is not the one of that node. */
  report(node: NodeConfig, at: Address): Promise<AgentReport | undefined>;
  /** Pushes the own report to an agent, which looks at its surroundings at once (`POST /v1/report`). Never rejects. */
  tell(node: NodeConfig, at: Address, report: AgentReport): Promise<void>;
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
  /** Id of the newest start of the server's container; undefined before the first. */
  start(): Promise<string | undefined>;
  permit(start: string): Promise<void>;
  /** Whether the server's preStop hook waits; being asked is what keeps it waiting. */
  stopping(): Promise<boolean>;
  released(): Promise<boolean>;
  /** @param drained nothing of what is on the volume is needed any more: the next server starts without it, and it is kept aside */
  release(drained: boolean): Promise<void>;
}

/** A record with a version, changed by compare-and-swap. */
export interface LeaseRecord {
  /** '' where nobody holds it. */
  readonly holder: string;
  readonly version: string;
  /** Changes with every renewal. */
  readonly renewal: string;
  readonly durationMs: number;
}

/** What the database keeps outside its servers: the Kubernetes API, or files. Calls reject when it is away. */
export interface Platform {
  readLease(): Promise<LeaseRecord>;
  /** @returns false where somebody else was faster */
  takeLease(holder: string, durationMs: number, version: string): Promise<boolean>;
  labelRole(node: string, role: Role): Promise<void>;
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
