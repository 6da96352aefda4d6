import type { DatabaseStatus } from '../../../sidecar/health';
import type { ServerPod } from './pods';
import type { ServerFacts } from './servers';

/** Everything that is looked at, from three sides: Kubernetes, the servers, the agents. */
export interface Sight {
  readonly pods: readonly ServerPod[];
  /** One a pod, in the same order; undefined where the server does not answer. */
  readonly servers: readonly (ServerFacts | undefined)[];
  readonly status: DatabaseStatus;
}

/** Nodes of `orders`: 3 shards of 2. */
export const nodeCount = 6;

/** Says what keeps the database from being whole; undefined where it is. */
export function whyNotWhole({ pods, servers, status }: Sight): string | undefined {
  if (pods.length !== nodeCount) return `there are ${pods.length} pods`;
  const unready = pods.find(({ ready }) => !ready);
  if (unready) return `${unready.name} is not ready`;
  for (const [index, pod] of pods.entries()) {
    const reason = whyNotServing(pod, servers[index]);
    if (reason !== undefined) return `${pod.name} ${reason}`;
  }
  return (
    whyNotReplicated(pods) ??
    (status.health === 'Healthy' ? undefined : `status: ${status.health}: ${status.reasons.join('; ')}`)
  );
}

function whyNotServing(pod: ServerPod, server: ServerFacts | undefined): string | undefined {
  if (!server) return 'does not answer';
  const { info, replication, table } = server;
  for (const [field, expected] of [
    ['cluster_state', 'ok'],
    ['cluster_slots_assigned', '16384'],
    ['cluster_slots_ok', '16384'],
    ['cluster_known_nodes', `${nodeCount}`],
  ] as const) {
    if (info.get(field) !== expected) return `says ${field}:${info.get(field) ?? ''}`;
  }
  const self = table.find(({ myself }) => myself);
  if (self?.role !== pod.role) return `is a ${self?.role ?? 'nobody'} and labelled "${pod.role}"`;
  if (self.role === 'primary') return self.slots.length > 0 ? undefined : 'is a primary without slots';
  return replication.get('master_link_status') === 'up' ? undefined : 'has no link to its primary';
}

/** A primary and a replica each, on two nodes of Kubernetes. */
function whyNotReplicated(pods: readonly ServerPod[]): string | undefined {
  for (const shard of new Set(pods.map((pod) => pod.shard))) {
    const own = pods.filter((pod) => pod.shard === shard);
    const roles = own.map(({ role }) => role).sort();
    if (roles.join() !== 'primary,replica') return `${shard} has ${roles.join(' and ')}`;
    if (new Set(own.map(({ node }) => node)).size < own.length) return `${shard} is on one node`;
  }
  return undefined;
}
