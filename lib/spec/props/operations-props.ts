import type { SecretKeyProps } from './secret-props';

/** How pods are replaced when the spec changes them. */
export interface NodeUpgradeProps {
  /**
   * Seconds in which a new pod has to become healthy. One that does not goes back to what it was, and the roll-out stops.
   * Minimum: 30. Maximum: 86400.
   *
   * @default 300
   */
  readonly validationTimeoutSeconds?: number;

  /**
   * Whether a person says `keyspace approve` before a primary is replaced.
   *
   * @default false
   */
  readonly supervised?: boolean;
}

/** As {@link NodeUpgradeProps}, where there is more than one node. */
export interface UpgradeProps extends NodeUpgradeProps {
  /**
   * One after the other with a handover before each primary, or all at once and without anybody who serves.
   *
   * @default RollingUpdate
   */
  readonly strategy?: 'RollingUpdate' | 'Recreate';

  /**
   * Nodes that may be away at a time with `RollingUpdate`. Never two of one shard. Minimum: 1.
   *
   * @default 1
   */
  readonly maxUnavailable?: number;
}

/**
 * A primary that is not of this database. The database copies it, continuously and as a whole, and takes no writes; taken out of the spec,
 * it takes over with what it has. A database that has data of its own does not follow before somebody has emptied it.
 */
export interface ReplicaOfProps {
  /** Where it answers: a name, followed wherever it leads, or an address. Not a node of a cluster, nor a Sentinel. */
  readonly host: string;

  /**
   * Its port. Minimum: 1. Maximum: 65535.
   *
   * @default 6379
   */
  readonly port?: number;

  /** How this database proves itself to it. `off` where it asks nobody. */
  readonly auth: 'off' | ReplicaOfAuthProps;

  /** Whether it is reached encrypted. `on` takes the certificates of this database's own `tls`, and believes its authority alone. */
  readonly tls: 'on' | 'off';
}

/** How a replica proves itself. */
export interface ReplicaOfAuthProps {
  /**
   * Name of the user. Its rights have to hold `+psync +replconf +ping +info`.
   *
   * @default default
   */
  readonly user?: string;

  /** Where the user's password is. */
  readonly secret: SecretKeyProps;
}

/**
 * A node of a mesh that is not of this database. It has the same password, by which the user `default` is let in, and certificates of
 * the same authority. Its own side names the nodes of this database as its peers.
 */
export interface PeerProps {
  /** Where it answers. */
  readonly host: string;

  /**
   * Its port. Minimum: 1. Maximum: 65535.
   *
   * @default 6379
   */
  readonly port?: number;
}

/** A module of the engine, from the server's image. */
export interface ModuleProps {
  /** Where it is in the image: `/usr/lib/valkey/libjson.so`. */
  readonly path: string;

  /**
   * What it is started with, one word each.
   *
   * @default - none
   */
  readonly arguments?: readonly string[];
}
