import type { SecretProps } from './secret-props';

/** Where backups go: an object store that speaks S3, or a volume. */
export type DestinationProps = S3DestinationProps | VolumeDestinationProps;

/** A bucket. */
export interface S3DestinationProps {
  /** The bucket and how it is reached. */
  readonly s3: S3Props;
}

/** A volume that is already there. */
export interface VolumeDestinationProps {
  /** The volume. */
  readonly volume: BackupVolumeProps;
}

/** A bucket of an object store that speaks S3. */
export interface S3Props {
  /** Name of the bucket. */
  readonly bucket: string;

  /**
   * What the names of all objects begin with. Databases may share it: the name and namespace of each follow.
   *
   * @default - nothing
   */
  readonly prefix?: string;

  /**
   * Address of the store: `https://minio.example:9000`.
   *
   * @default - that of Amazon S3 in `region`
   */
  readonly endpoint?: string;

  /**
   * Region of the bucket.
   *
   * @default us-east-1
   */
  readonly region?: string;

  /**
   * Whether the bucket stands in the path of an address or in its host. Stores of one's own want the path.
   *
   * @default - path with `endpoint`, host without
   */
  readonly addressing?: 'path' | 'host';

  /**
   * Secret with `accessKeyId`, `secretAccessKey`, where there is one `sessionToken`, and for a store whose certificate is not
   * from a public authority that authority, `ca.crt`.
   */
  readonly credentials: SecretProps;
}

/** A PersistentVolumeClaim in the database's namespace. Several pods mount it at once, so it is `ReadWriteMany`. */
export interface BackupVolumeProps {
  /** Name of the claim. */
  readonly claimName: string;

  /**
   * Folder on the volume, without `/` in front.
   *
   * @default - the top of it
   */
  readonly path?: string;
}

/** Copies of the whole database at one moment. */
export interface BackupProps {
  /** Where they go. */
  readonly destination: DestinationProps;

  /**
   * When they are made.
   *
   * @default - when somebody runs `keyspace backup`
   */
  readonly schedules?: readonly BackupScheduleProps[];

  /**
   * Names of backups to make now, once each: adding a name makes a backup. It is kept until somebody deletes it.
   *
   * @default - none
   */
  readonly once?: readonly string[];

  /**
   * How long backups are kept. The last good one is never deleted.
   *
   * @default - for ever
   */
  readonly retention?: BackupRetentionProps;

  /**
   * Which nodes are copied: a replica that is in sync, or the primary itself.
   *
   * @default - a replica, and the primary where there is none
   */
  readonly source?: 'replica' | 'primary';

  /**
   * Proof that the last backup is there as it was written: every byte of it is read and compared with its checksum.
   *
   * @default - none
   */
  readonly verification?: VerificationProps;
}

/** Backups at certain times. */
export interface BackupScheduleProps {
  /** What tells it from others: `nightly`. */
  readonly name: string;

  /** When, as `cron` writes it: `0 3 * * *`. */
  readonly cron: string;

  /**
   * Time zone of `cron`: `Europe/Berlin`.
   *
   * @default Etc/UTC
   */
  readonly timeZone?: string;

  /**
   * Whether none are made for now.
   *
   * @default false
   */
  readonly suspended?: boolean;

  /**
   * How long the backups of this schedule are kept.
   *
   * @default - as `retention` of all backups
   */
  readonly retention?: BackupRetentionProps;
}

/** A backup is deleted when it is neither one of the newest nor young enough. At least one of both has to be said. */
export interface BackupRetentionProps {
  /**
   * The newest that are kept. Minimum: 1.
   *
   * @default - by age alone
   */
  readonly count?: number;

  /**
   * Days that each is kept. Minimum: 1.
   *
   * @default - by number alone
   */
  readonly days?: number;
}

/** When the last backup is read again. */
export interface VerificationProps {
  /** When, as `cron` writes it: `0 5 * * 0`. */
  readonly cron: string;

  /**
   * Time zone of `cron`.
   *
   * @default Etc/UTC
   */
  readonly timeZone?: string;
}

/** Every write as it happens, so that the database can be restored as it was at any second since the last backup. */
export interface ArchiveProps {
  /** Where writes go. */
  readonly destination: DestinationProps;

  /**
   * Seconds after which a write is there at the latest: what may be lost when everything is. Minimum: 1. Maximum: 3600.
   *
   * @default 10
   */
  readonly maxDelaySeconds?: number;

  /**
   * Days that writes are kept. Minimum: 1.
   *
   * @default - as long as the oldest backup that they continue
   */
  readonly retentionDays?: number;
}

/**
 * What a new database starts from. Read once, before any server starts: a volume with data is never overwritten.
 */
export type RestoreProps = RestoreBackupProps | RestoreTimeProps;

/** Starts from a backup. */
export interface RestoreBackupProps {
  /** Where backups are. */
  readonly source: DestinationProps;

  /**
   * The database that was backed up, `namespace/name`.
   *
   * @default - one of this name, in this namespace
   */
  readonly database?: string;

  /**
   * Name of the backup.
   *
   * @default latest
   */
  readonly backup?: string;
}

/** Starts from how the database was at some moment. Needs an archive, which the agents of this version do not keep: they hold every node. */
export interface RestoreTimeProps {
  /** Where backups and archive are. */
  readonly source: DestinationProps;

  /**
   * The database that was backed up, `namespace/name`.
   *
   * @default - one of this name, in this namespace
   */
  readonly database?: string;

  /** The moment, in UTC: `2026-11-21T09:30:00Z`. */
  readonly time: string;
}
