import type * as z from 'zod';

import { block, wholeNumber } from '../fields';
import type { ReplicationProps } from '../props/replication-props';
import type { Same } from '../same';
import {
  databaseFields,
  engine,
  nodeName,
  nodeTimeoutMs,
  replicaPriorities,
  replicatedFields,
} from './database-schema';
import { replicaOf, upgrade } from './operations-schema';

/** {@link ReplicationProps}, checked field by field. */
export const replicationSchema = block('a block of fields', {
  engine,
  ...databaseFields,
  ...replicatedFields,
  replicas: wholeNumber(1, 20, 'without a replica the topology is "Standalone"').default(2),
  primary: nodeName.optional(),
  replicaPriorities,
  replicaOf: replicaOf.optional(),
  nodeTimeoutMs,
  upgrade,
});

/** Does not compile when the schema and the documented props differ, in any field at any depth. */
export const documented: Same<z.input<typeof replicationSchema>, ReplicationProps> = true;
