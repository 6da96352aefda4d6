import type { AgentConfig } from '../../lib/contract/agent-config';
import type { DatabaseView, TableEntry } from '../view';

/** How long an id must have been nobody's before anything is done about it: longer than a pod needs to come back. Milliseconds. */
const strangerForMs = 15_000;

/** Ids that have been nobody's for long enough to be sure. */
export const strangersFor = (view: DatabaseView, config: AgentConfig): string[] =>
  Object.entries(view.strangers)
    .filter(([, forMs]) => forMs >= Math.max(strangerForMs, 2 * config.nodeTimeoutMs))
    .map(([id]) => id);

/**
 * The server whose table this is has no word from the node. A link counts as connected while it is still being opened, for ever
 * where the address is nobody's any more; and without a majority nobody is ever called failed.
 */
export const isGone = (entry: TableEntry): boolean => entry.health !== 'ok' || !entry.connected;

/** An agent has the node's volume, with data on it. */
export const mayReturn = (id: string, { nodes }: DatabaseView): boolean =>
  nodes.some(({ agent }) => agent?.id === id && agent.disk.hasData);
