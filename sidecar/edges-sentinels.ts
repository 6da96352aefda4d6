/** The way to Sentinels, as interfaces. */
import type { NodeConfig } from '../lib/contract/agent-config';
import type { AccountChange } from './accounts/account';
import type { Address, Place, SentinelView } from './view';

/** One Sentinel, reached over its port. Every call is bounded in time and rejects when the bound is passed. */
export interface Sentinel {
  /** Never rejects. */
  look(): Promise<Pick<SentinelView, 'state' | 'reason' | 'watch'>>;
  /** `SENTINEL MONITOR`: watches the database's primary, which is there, as the configuration says. */
  monitor(primary: Place): Promise<void>;
  /** `SENTINEL SET`: everything that the configuration says of how it watches. */
  configure(): Promise<void>;
  /** As `setAccounts` of a server; and as whom it signs in itself. */
  setAccounts(change: AccountChange): Promise<void>;
  /** Hears who is primary as from another Sentinel that has carried a failover out. */
  hear(announcement: Announcement): Promise<void>;
  /** `SENTINEL REMOVE`. */
  forgetPrimary(): Promise<void>;
  /** `SENTINEL RESET`: forgets replicas and other Sentinels, and learns anew within seconds who is there. */
  reset(): Promise<void>;
  /** `SENTINEL FAILOVER`: replaces the primary without asking the others. */
  failOver(): Promise<void>;
}

/** What a Sentinel says of itself and of the primary. */
export interface Announcement {
  readonly from: Place;
  readonly id: string;
  readonly primary: Place;
  readonly epoch: number;
}

/** Connections to every Sentinel of the database. */
export interface Sentinels {
  /** The same connection each time for the same Sentinel at the same address. */
  of(node: NodeConfig, at: Address): Sentinel;
  /** Closes everything. */
  close(): void;
}
