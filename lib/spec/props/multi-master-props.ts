import type { DatabaseProps } from './database-props';
import type { ServicesProps } from './services-props';
import type { PeerProps, UpgradeProps } from './operations-props';

/**
 * A database in which every node takes writes and passes them to every other: KeyDB's active replication. Where
 * nodes have been apart, of two writes to one key the later one wins, by the clocks of the nodes. Of two writes at
 * the same moment, on nodes that are linked, either node may keep the other's: send all writers of a key to one node.
 */
export interface MultiMasterProps extends DatabaseProps {
  /**
   * Which server runs. No other engine has this topology.
   *
   * @default keydb
   */
  readonly engine?: 'keydb';

  /**
   * The Services that clients connect to.
   *
   * @default - within the Kubernetes cluster, on port 6379
   */
  readonly services?: ServicesProps;

  /**
   * Number of nodes. With more than two, every write travels to each node on every way, and a conflict has more ways to end.
   *
   * Minimum: 2. Maximum: 10.
   *
   * @default 2
   */
  readonly nodes?: number;

  /**
   * Node to which the Service `<name>-leader` sends writers, as long as it is healthy. Writers that all use one node have no conflicts.
   *
   * @default - one of the healthy nodes, and the same one as long as it is
   */
  readonly preferredWriter?: string;

  /**
   * Nodes elsewhere that are part of the mesh.
   *
   * @default - none
   */
  readonly peers?: readonly PeerProps[];

  /**
   * Milliseconds after which a node that does not answer counts as lost. Minimum: 1000. Maximum: 600000.
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
