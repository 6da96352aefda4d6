import type { ReplicatedServicesProps } from './services-props';

/** What databases with replicas say beside {@link DatabaseProps}. */
export interface ReplicatedProps {
  /**
   * The Services that clients connect to.
   *
   * @default - within the Kubernetes cluster, on port 6379
   */
  readonly services?: ReplicatedServicesProps;

  /**
   * Replicas that have to be in touch for a primary to take writes: so many more copies each write has within
   * `minReplicasMaxLagSeconds`. With as many as there are replicas, the loss of one stops all writes. The engine's
   * `min-replicas-to-write`.
   *
   * Minimum: 0. Maximum: the number of replicas of a primary.
   *
   * @default 0
   */
  readonly minReplicasToWrite?: number;

  /**
   * Seconds of silence after which a replica does not count. The engine's `min-replicas-max-lag`. Minimum: 1. Maximum: 3600.
   *
   * @default 10
   */
  readonly minReplicasMaxLagSeconds?: number;
}
