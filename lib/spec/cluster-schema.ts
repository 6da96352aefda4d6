import type * as z from 'zod';

import type { ClusterProps } from './cluster-props';
import { block, oneOf, wholeNumber } from './fields';
import type { Same } from './same';
import { sharedFields } from './shared-schema';

/** {@link ClusterProps}, checked field by field; what several fields must agree on is in `cluster-spec.ts`. */
export const clusterSchema = block('a block of fields', {
  engine: oneOf(['valkey', 'redis']),
  ...sharedFields,
  shards: wholeNumber(3, 500, 'a majority of at least 3 primaries decides every failover').default(3),
  replicasPerShard: wholeNumber(0, 5).default(1),
  nodeTimeoutMs: wholeNumber(1000, 600_000).default(5000),
});

/** The fields with their defaults. */
export type ClusterFields = z.output<typeof clusterSchema>;

/** Does not compile when the schema and the documented props differ, in any field at any depth. */
export const documented: Same<z.input<typeof clusterSchema>, ClusterProps> = true;
