import { createHmac } from 'node:crypto';

import type { AgentConfig } from '../../lib/contract/agent-config';

/** Whose password is made of the database's. */
export type Purpose = 'agent' | 'replication';

/** The password of agents, or of replicas: the same on every node, and no way back to the one it is made of. */
export const derivePassword = (
  { namespace, database }: Pick<AgentConfig, 'namespace' | 'database'>,
  purpose: Purpose,
  password: string,
): string =>
  createHmac('sha256', password)
    .update(JSON.stringify(['keyspace account', 1, namespace, database, purpose]))
    .digest('base64url');
