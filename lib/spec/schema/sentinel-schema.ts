import type * as z from 'zod';

import { block, wholeNumber } from '../fields';
import type { SentinelProps } from '../props/sentinel-props';
import type { Same } from '../same';
import {
  databaseFields,
  engine,
  nodeName,
  nodeTimeoutMs,
  replicaPriorities,
  replicatedFields,
} from './database-schema';
import { upgrade } from './operations-schema';
import { resources } from './resources-schema';

const sentinels = block('{ count, quorum, failoverTimeoutMs, parallelSyncs, resources }', {
  count: wholeNumber(3, 9, 'a majority of them elects who carries a failover out').default(3),
  quorum: wholeNumber(1, 9).optional(),
  failoverTimeoutMs: wholeNumber(1000, 3_600_000).default(60_000),
  parallelSyncs: wholeNumber(1, 20).default(1),
  resources: resources.default({}),
});

/** {@link SentinelProps}, checked field by field. */
export const sentinelSchema = block('a block of fields', {
  engine,
  ...databaseFields,
  ...replicatedFields,
  replicas: wholeNumber(1, 20, 'Sentinels need somebody who can take over').default(2),
  sentinels: sentinels.prefault({}),
  primary: nodeName.optional(),
  replicaPriorities,
  nodeTimeoutMs,
  upgrade,
});

/** Does not compile when the schema and the documented props differ, in any field at any depth. */
export const documented: Same<z.input<typeof sentinelSchema>, SentinelProps> = true;
