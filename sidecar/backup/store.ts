/** An object in a store of backups. */
export interface StoredObject {
  /** Its name, folders before it with `/` between. */
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** Where backups are kept: a bucket or a folder. Names are below the top that the configuration says. Every call rejects with what is wrong. */
export interface BackupStore {
  /** The top, for people: `s3://shop-backups`. */
  readonly where: string;
  /**
   * Writes an object. It is there as a whole, kept safely, or not at all.
   *
   * @param expectedBytes about how many there will be
   */
  put(key: string, content: AsyncIterable<Buffer>, expectedBytes: number): Promise<void>;
  get(key: string): Promise<AsyncIterable<Buffer>>;
  /** Every object whose name begins so. */
  list(prefix: string): Promise<StoredObject[]>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Removes what is left of writing objects whose names begin so, where it was begun before then and has not ended. */
  abandon(prefix: string, before: Date): Promise<void>;
  close(): void;
}
