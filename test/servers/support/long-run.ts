/** Set for a run that takes its time: more engines, and every fault on each of them. */
const long = process.env.KEYSPACE_LONG !== undefined;

/** What is tested in an ordinary run, or all of it in a long one. */
export const inLongRun = <T>(all: readonly T[], usual: readonly T[]): readonly T[] => (long ? all : usual);

/** Every engine that slots are moved on, or those that are enough for what is tested. */
export const movingEngines = (usual: readonly string[]): readonly string[] =>
  inLongRun(['redis-7.0', 'redis-8.0', 'valkey-8.0', 'valkey-8.1', 'valkey-9.1'], usual);
