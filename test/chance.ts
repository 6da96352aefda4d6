/**
 * Cases by chance, the same ones in every run. `KEYSPACE_SEED=7` makes others, `KEYSPACE_RUNS=5000` as many of each; a
 * failure prints the seed and the case, made as small as it fails.
 */
import fc from 'fast-check';

const { KEYSPACE_RUNS, KEYSPACE_SEED } = process.env;

/** What the cases are drawn from. */
export const seed = Number(KEYSPACE_SEED ?? 1);

/** How many cases are tried. */
export const runs = (usual: number): number => Number(KEYSPACE_RUNS ?? usual);

fc.configureGlobal({ seed });

export { fc };
