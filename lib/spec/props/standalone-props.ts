import type { DatabaseProps, EngineProp } from './database-props';
import type { ServicesProps } from './services-props';
import type { NodeUpgradeProps, ReplicaOfProps } from './operations-props';

/** A database of one node. While the node is away, so is the database. */
export interface StandaloneProps extends DatabaseProps {
  /** Which server runs. */
  readonly engine: EngineProp;

  /**
   * The Services that clients connect to.
   *
   * @default - within the Kubernetes cluster, on port 6379
   */
  readonly services?: ServicesProps;

  /**
   * A primary elsewhere that this database follows. It takes no writes, until this field is taken away: then it takes over.
   *
   * @default - none
   */
  readonly replicaOf?: ReplicaOfProps;

  /**
   * How the pod is replaced when the spec changes it.
   *
   * @default - with five minutes to become healthy
   */
  readonly upgrade?: NodeUpgradeProps;
}
