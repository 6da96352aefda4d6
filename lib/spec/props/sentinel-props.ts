import type { DatabaseProps, EngineProp } from './database-props';
import type { UpgradeProps } from './operations-props';
import type { ReplicatedProps } from './replicated-props';
import type { ResourcesProps } from './resources-props';

/** A primary and its replicas, watched by Sentinels, which decide who takes over when it is lost. */
export interface SentinelProps extends DatabaseProps, ReplicatedProps {
  /** Which server runs. */
  readonly engine: EngineProp;

  /**
   * Number of replicas of the primary. Minimum: 1. Maximum: 20.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * Who watches. The name of the master that they monitor, under which clients ask, is that of the database and of its namespace:
   * `jobs.shop`.
   *
   * @default - three of them, two of which have to agree
   */
  readonly sentinels?: SentinelsProps;

  /**
   * Node that is to be primary: a verified handover moves the role there, when the node is good enough.
   *
   * @default - whoever is
   */
  readonly primary?: string;

  /**
   * The engine's `replica-priority` of single nodes, by name, 0 to 1000000. With 0 a node never becomes primary, neither when one is lost nor by
   * a handover. Of the others that have everything the one with the lowest takes over; Sentinels, which choose a successor by themselves when
   * a primary is lost, look at it before anything else.
   *
   * @default - 100 of each node
   */
  readonly replicaPriorities?: Readonly<Record<string, number>>;

  /**
   * Milliseconds after which a node that does not answer counts as lost. Sentinel's `down-after-milliseconds`.
   *
   * Minimum: 1000. Maximum: 600000.
   *
   * @default 5000
   */
  readonly nodeTimeoutMs?: number;

  /**
   * How pods are replaced when the spec changes them.
   *
   * @default - one after the other, each with five minutes to become healthy
   */
  readonly upgrade?: UpgradeProps;
}

/** The Sentinels of a database: https://valkey.io/topics/sentinel/ */
export interface SentinelsProps {
  /**
   * How many there are. An odd number: a majority of them elects who carries a failover out. Minimum: 3. Maximum: 9.
   *
   * @default 3
   */
  readonly count?: number;

  /**
   * How many have to find the primary lost. Minimum: 1. Maximum: `count`.
   *
   * @default - a majority of them
   */
  readonly quorum?: number;

  /**
   * Milliseconds after which a failover that got nowhere is tried again. Sentinel's `failover-timeout`.
   *
   * Minimum: 1000. Maximum: 3600000.
   *
   * @default 60000
   */
  readonly failoverTimeoutMs?: number;

  /**
   * Replicas that copy the new primary at the same time. Sentinel's `parallel-syncs`. Minimum: 1. Maximum: 20.
   *
   * @default 1
   */
  readonly parallelSyncs?: number;

  /**
   * What each Sentinel reserves and may use.
   *
   * @default - requests 20m and 64Mi, limit 128Mi
   */
  readonly resources?: ResourcesProps;
}
