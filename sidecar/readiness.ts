import { countSlots } from './slots';
import { ownOffice, running } from './steps/replication/copies';
import { closed } from './steps/replication/floor';
import type { OwnView } from './view';

/** What the own node is, for the log of an agent that has nothing to do. */
export function describeNode({ name, shard, server, disk, permitted, joined, fenced, source }: OwnView): string {
  if (fenced !== undefined && server.state !== 'up') return `${name} is fenced: ${fenced}`;
  if (server.state !== 'up') return permitted ? `${name} is starting` : `${name} does not answer: ${server.reason}`;
  if (server.loading) return `${name} is loading its data`;
  if (server.role === 'replica') return `${name} is a replica in ${shard}`;
  if (server.copy?.source) return `${name} follows ${source?.name ?? 'a source'}`;
  if (joined === false) return `${name} has not copied yet what the others have`;
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
  if (view.fenced !== undefined) return `the node is fenced: ${view.fenced}`;
  if (server.state !== 'up') return `the server does not answer: ${server.reason}`;
  if (server.loading) return 'the server is loading its data';
  if (view.joined === false) return 'the node has not copied yet what the others have';
  if (server.role === 'replica' && !server.linkUp) return 'the replica has no link to its primary';
  // One that has lost its source serves what it has.
  if (server.copy?.source)
    return server.copy.source.up || server.copy.keys > 0 ? undefined : 'it has copied nothing yet';
  if (server.cluster && server.role === 'primary' && view.disk.cluster?.slots.length === 0)
    return 'the node is in no shard yet';
  return view.primacy && server.role === 'primary' ? whyNotPrimary(view) : undefined;
}

function whyNotPrimary(view: OwnView): string | undefined {
  if (!ownOffice(view)) return 'the node was the primary, and is to follow another';
  if (running(view.server)?.copy.floor === closed)
    return 'the primary takes no writes: nothing proves yet that it still is one';
  return undefined;
}
