import type { PodView, Trouble } from '../../view-sets';
import type { DatabaseView, NodeView } from '../../view';

/** The check of a new pod: why the node does not do all of what a node does, or undefined where it does. */
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
