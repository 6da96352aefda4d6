import type * as z from 'zod';

import { block, listOf, oneOf, wholeNumber } from '../fields';
import type { MultiMasterProps } from '../props/multi-master-props';
import type { Same } from '../same';
import { databaseFields, nodeName, nodeTimeoutMs } from './database-schema';
import { peer, upgrade } from './operations-schema';
import { services } from './services-schema';

/** Of how many nodes a mesh may be: each of them copies every other. */
export const mostMeshNodes = 10;

/** {@link MultiMasterProps}, checked field by field. */
export const multiMasterSchema = block('a block of fields', {
  engine: oneOf(['keydb']).default('keydb'),
  ...databaseFields,
  services,
  nodes: wholeNumber(2, mostMeshNodes).default(2),
  preferredWriter: nodeName.optional(),
  peers: listOf('nodes elsewhere: { host, port }', peer).default([]),
  nodeTimeoutMs,
  upgrade,
});

/** Does not compile when the schema and the documented props differ, in any field at any depth. */
export const documented: Same<z.input<typeof multiMasterSchema>, MultiMasterProps> = true;
