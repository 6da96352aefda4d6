import type * as z from 'zod';

import { block, listOf, oneOf, wholeNumber } from '../fields';
import type { ClusterProps } from '../props/cluster-props';
import type { Same } from '../same';
import { databaseFields, engine, nodeName, nodeTimeoutMs, replicatedFields } from './database-schema';
import { upgrade } from './operations-schema';

/** {@link ClusterProps}, checked field by field. */
export const clusterSchema = block('a block of fields', {
  engine,
  ...databaseFields,
  ...replicatedFields,
  shards: wholeNumber(3, 500, 'a majority of at least 3 primaries decides every failover').default(3),
  replicasPerShard: wholeNumber(0, 5).default(1),
  primaries: listOf('names of nodes', nodeName).default([]),
  rebalancing: oneOf(['on', 'paused', 'cancelled']).default('on'),
  nodeTimeoutMs,
  upgrade,
});

/** Does not compile when the schema and the documented props differ, in any field at any depth. */
export const documented: Same<z.input<typeof clusterSchema>, ClusterProps> = true;
