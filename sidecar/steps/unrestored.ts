import type { AgentConfig } from '../../lib/contract/agent-config';
import type { DatabaseView } from '../view';

/** What a person has to do, and why. */
export const restoreByHand = 'the spec says "restore", which has to be done by hand, and nothing is on the volumes yet';

/**
 * Why a node without data may not start: its database is to start from a backup, which no agent of this version brings to the
 * volumes. One that started empty would be taken for the restored one, and written to. Once any node runs, there is data to follow.
 *
 * @returns undefined where nothing is to be restored any more
 */
export function whyUnrestored({ nodes }: DatabaseView, { restore }: AgentConfig): string | undefined {
  const runs = nodes.some(({ server, agent }) => server.state === 'up' || agent?.server === 'up');
  if (!restore || runs) return undefined;
  return restoreByHand;
}
