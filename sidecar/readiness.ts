import { countSlots } from './slots';
import type { OwnView } from './view';

/** What the own node is, for the log of an agent that has nothing to do. */
export function describeNode({ name, shard, server, disk, permitted }: OwnView): string {
  if (server.state !== 'up') return permitted ? `${name} is starting` : `${name} does not answer: ${server.reason}`;
  if (server.loading) return `${name} is loading its data`;
  if (server.role === 'replica') return `${name} is a replica in ${shard}`;
  if (!server.cluster) return `${name} is a primary`;
  const slots = countSlots(disk.cluster?.slots ?? []);
  return slots > 0 ? `${name} is the primary of ${shard} with ${slots} slots` : `${name} is in no shard yet`;
}

/** Whether clients should be sent to the own node, and if not, why. Looks at this node alone: a cluster that is partly down must not lose the nodes that serve. */
export function judgeReadiness(view: OwnView | undefined): { readonly ready: boolean; readonly reason: string } {
  const why = whyNotReady(view);
  return { ready: why === undefined, reason: why ?? 'ready' };
}

function whyNotReady(view: OwnView | undefined): string | undefined {
  if (!view) return 'not looked at yet';
  const { server } = view;
  if (view.stopping) return 'ending';
  if (server.state !== 'up') return `the server does not answer: ${server.reason}`;
  if (server.loading) return 'the server is loading its data';
  if (server.role === 'replica' && !server.linkUp) return 'the replica has no link to its primary';
  if (server.cluster && server.role === 'primary' && view.disk.cluster?.slots.length === 0)
    return 'the node is in no shard yet';
  return undefined;
}
