import type { AgentConfig } from '../../../lib/contract/agent-config';

/**
 * For how long a proof that nobody else is primary holds, and how long an appointed primary waits for the one before: the fence time.
 * Milliseconds.
 */
export const proofMs = ({ nodeTimeoutMs }: Pick<AgentConfig, 'nodeTimeoutMs'>): number => nodeTimeoutMs;

/** A server is closed so long before its proof runs out: time for its agent to notice, and for the order to arrive. Milliseconds. */
export const slackMs = (config: Pick<AgentConfig, 'nodeTimeoutMs'>): number => proofMs(config) / 5;

/** Longest pause between two looks at who is primary, several in the time of a proof. Milliseconds. */
export const paceMs = (config: Pick<AgentConfig, 'nodeTimeoutMs'>): number => proofMs(config) / 5;
