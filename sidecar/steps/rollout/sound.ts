import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { PodView, Trouble } from '../../view-sets';
import type { DatabaseView, NodeView } from '../../view';

/** The check of a node: why it does not do all of what a node does, or undefined where it does. */
export function whyUnsound({ server, agent, fenced }: NodeView, pod: PodView | undefined): Trouble | undefined {
  if (fenced !== undefined) return { check: 'fence', says: `it is fenced: ${fenced}` };
  if (pod?.trouble) return pod.trouble;
  if (server.state !== 'up') return { check: 'answer', says: server.reason };
  if (server.loading) return { check: 'load', says: 'it is loading its data' };
  if (!server.linkUp) return { check: 'sync', says: 'it is not in sync with its primary' };
  const self = server.cluster?.table.find(({ myself }) => myself);
  if (self?.role === 'primary' && self.slots.length === 0) return { check: 'join', says: 'it is in no shard' };
  if (!agent) return { check: 'agent', says: 'its agent does not answer' };
  return pod && !pod.ready ? { check: 'ready', says: 'Kubernetes does not find it ready' } : undefined;
}

/** The pod of a node, where the API was asked for it. */
export const podOf = (name: string, { sets = [] }: DatabaseView): PodView | undefined =>
  sets.flatMap(({ pods }) => pods).find((pod) => pod.name === name);

/** The same of one that was made from the newest template: those before it may well lack a module that has come with it. */
export function whyNewUnsound(node: NodeView, pod: PodView): Trouble | undefined {
  const missing = node.agent?.missingModules;
  const trouble = whyUnsound(node, pod);
  if (trouble || !missing) return trouble;
  return { check: 'modules', says: `it has not loaded ${missing.join(', ')}` };
}

/** The check of a pod whose agent has been changed in place: that the new one runs, and the node does all that a node does. */
export function whyAgentUnsound(node: NodeView | undefined, { agent, ...pod }: PodView): Trouble | undefined {
  if (agent?.trouble !== undefined) return { check: 'agent', says: agent.trouble };
  if (agent?.before?.id === agent?.id) return { check: 'agent', says: 'the one before has not ended yet' };
  return node && whyUnsound(node, pod);
}

/** How long a new pod may take to be sound where the spec does not say. Seconds. */
const usualTimeoutSeconds = 300;

/** Whether a pod has not been sound for longer than it may take to be. */
export const isLate = ({ name }: PodView, { unsoundMs }: DatabaseView, { upgrade }: AgentConfig): boolean =>
  (unsoundMs?.[name] ?? 0) > (upgrade?.validationTimeoutSeconds ?? usualTimeoutSeconds) * 1000;
