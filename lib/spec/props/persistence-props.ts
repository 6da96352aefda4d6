/** Data outlives its pod, on one volume a node. */
export interface PersistenceProps {
  /**
   * Size of each node's volume, as a quantity of bytes: `10Gi`. Room for the append-only file while it is rewritten is
   * at least twice `maxMemory`. May grow where the StorageClass allows it; see `initialSize`.
   */
  readonly size: string;

  /**
   * Size that volumes are made with. Kubernetes lets nobody change it: when `size` grows, the size so far is written
   * here, and the agents grow the volumes, those that are there and those to come.
   *
   * @default - `size`
   */
  readonly initialSize?: string;

  /**
   * StorageClass of the volumes.
   *
   * @default - the default class of the Kubernetes cluster
   */
  readonly storageClass?: string;

  /**
   * Who may mount a volume at a time: the pods of one Kubernetes node, or one pod.
   *
   * @default ReadWriteOnce
   */
  readonly accessMode?: 'ReadWriteOnce' | 'ReadWriteOncePod';

  /**
   * What becomes of volumes that no pod uses any more.
   *
   * @default - all are kept
   */
  readonly retention?: VolumeRetentionProps;

  /**
   * A file of every write, from which a server starts. `off` leaves only snapshots.
   *
   * @default - flushed every second
   */
  readonly appendOnly?: 'off' | AppendOnlyProps;

  /**
   * When a server writes a snapshot of everything. The engine's `save`; any of them is enough.
   *
   * @default - none
   */
  readonly snapshots?: readonly SnapshotProps[];
}

/** As in a StatefulSet: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention */
export interface VolumeRetentionProps {
  /**
   * When the database, or the whole shard, is deleted. `Delete` deletes its data with it.
   *
   * @default Retain
   */
  readonly whenDeleted?: 'Retain' | 'Delete';

  /**
   * When the shard has fewer nodes than before.
   *
   * @default Retain
   */
  readonly whenScaled?: 'Retain' | 'Delete';
}

/** The append-only file: https://valkey.io/topics/persistence/ */
export interface AppendOnlyProps {
  /**
   * When writes reach the disk: with each of them, every second, or when the operating system sees fit. The engine's `appendfsync`.
   *
   * @default everysec
   */
  readonly fsync?: 'always' | 'everysec' | 'no';
}

/** A snapshot after so much time, if so much has changed. */
export interface SnapshotProps {
  /** Seconds since the last one. Minimum: 1. */
  readonly afterSeconds: number;

  /** Keys that have changed since. Minimum: 1. */
  readonly changes: number;
}
