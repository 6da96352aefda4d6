import type { DatabaseProps, EngineProp } from './database-props';
import type { UpgradeProps } from './operations-props';
import type { ReplicatedProps } from './replicated-props';

/** A database whose keys are shared out over several primaries by hash slot. */
export interface ClusterProps extends DatabaseProps, ReplicatedProps {
  /** Which server runs. */
  readonly engine: EngineProp;

  /**
   * Number of shards, each with one primary.
   *
   * Minimum: 3, because a majority of primaries decides every failover. Maximum: 500.
   *
   * @default 3
   */
  readonly shards?: number;

  /**
   * Number of replicas of each primary.
   *
   * Minimum: 0, and then nothing takes over when a node is lost. Maximum: 5.
   *
   * @default 1
   */
  readonly replicasPerShard?: number;

  /**
   * Nodes that are to be primaries, at most one of each shard: a verified handover moves the role there, when the node
   * is good enough.
   *
   * @default - whoever is
   */
  readonly primaries?: readonly string[];

  /**
   * Whether slots move where the shards are not balanced, or one leaves. `paused`: nothing new is begun, and what is on its way still
   * arrives. `cancelled`: the engine's own migrations are called off too. A shard that leaves keeps its pods until it is drained.
   *
   * @default on
   */
  readonly rebalancing?: 'on' | 'paused' | 'cancelled';

  /**
   * Milliseconds after which a node that does not answer counts as lost. The engine's `cluster-node-timeout`.
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
