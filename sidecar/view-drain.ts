/** What comes next has these shards no more: they are drained while their pods run. */
export interface DrainOrder {
  /** Who asks: name of a pod. */
  readonly by: string;
  readonly shards: readonly string[];
}
