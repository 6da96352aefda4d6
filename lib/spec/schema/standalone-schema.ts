import type * as z from 'zod';

import { block } from '../fields';
import type { StandaloneProps } from '../props/standalone-props';
import type { Same } from '../same';
import { databaseFields, engine } from './database-schema';
import { nodeUpgrade, replicaOf } from './operations-schema';
import { services } from './services-schema';

/** {@link StandaloneProps}, checked field by field. */
export const standaloneSchema = block('a block of fields', {
  engine,
  ...databaseFields,
  services,
  replicaOf: replicaOf.optional(),
  upgrade: nodeUpgrade,
});

/** Does not compile when the schema and the documented props differ, in any field at any depth. */
export const documented: Same<z.input<typeof standaloneSchema>, StandaloneProps> = true;
