/** How far the data of a backup is on its way to a volume. */
export interface RestoreProgress {
  readonly backup: string;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** What an agent brings to its own volume, and what keeps it. */
export interface RestoreView extends Partial<RestoreProgress> {
  /** Which it is to be: a name, or `latest`. */
  readonly asked: string;
  /** Why the last attempt failed; another one follows. */
  readonly problem?: string;
}

/** On a volume until a server starts there: the backup that is being brought, or has been. */
export interface RestoreMarker {
  readonly backup: string;
  /** Everything is there. */
  readonly done: boolean;
}
