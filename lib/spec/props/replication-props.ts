import type { DatabaseProps, EngineProp } from './database-props';
import type { ReplicaOfProps, UpgradeProps } from './operations-props';
import type { ReplicatedProps } from './replicated-props';

/** A primary and its replicas. The agents decide who takes over when it is lost. */
export interface ReplicationProps extends DatabaseProps, ReplicatedProps {
  /** Which server runs. */
  readonly engine: EngineProp;

  /**
   * Number of replicas of the primary. Minimum: 1. Maximum: 20.
   *
   * @default 2
   */
  readonly replicas?: number;

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
   * A primary elsewhere that this database follows. It takes no writes, until this field is taken away: then it takes over.
   *
   * @default - none
   */
  readonly replicaOf?: ReplicaOfProps;

  /**
   * Milliseconds after which a node that does not answer counts as lost, and within which a primary that is cut off stops taking writes.
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
