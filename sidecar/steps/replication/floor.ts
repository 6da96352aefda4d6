/**
 * `min-replicas-to-write` of a server that takes no writes: more than there can ever be. The engine refuses every write at once
 * (`NOREPLICAS`), scripts and transactions too, in every version there is, and copies go on.
 */
export const closed = 2 ** 31 - 1;
