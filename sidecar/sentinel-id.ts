import { createHash } from 'node:crypto';

import type { AgentConfig } from '../lib/contract/agent-config';

/** What a Sentinel calls itself: always the same, and another one in every database. 40 hexadecimal digits. */
export const sentinelId = (
  { namespace, database }: Pick<AgentConfig, 'namespace' | 'database'>,
  name: string,
): string =>
  createHash('sha1')
    .update(JSON.stringify(['keyspace sentinel', namespace, database, name]))
    .digest('hex');
