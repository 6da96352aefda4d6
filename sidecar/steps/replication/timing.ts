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

/** Shortest and longest that an agent waits for another node's answer in one look: a fork or a busy machine takes its time. Milliseconds. */
const [leastAnswerMs, mostAnswerMs] = [250, 1000];

/**
 * How long an agent waits in one look for another node where it decides by that whether the node is lost: several looks fit into the time
 * of silence, and one that is silent keeps nobody from acting for as long. Milliseconds.
 */
export const answerMs = ({ nodeTimeoutMs }: Pick<AgentConfig, 'nodeTimeoutMs'>): number =>
  Math.min(mostAnswerMs, Math.max(leastAnswerMs, nodeTimeoutMs / 4));
