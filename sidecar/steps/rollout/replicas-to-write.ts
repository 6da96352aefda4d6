import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../action';
import type { SetView } from '../../view-sets';
import type { DatabaseView } from '../../view';
import { members, owns } from '../members';
import type { DatabaseStep } from '../step';
import { whyUnfinished } from './progress';

/**
 * Keeps the floor for writes as it is declared, but while a pod of the shard is replaced: a primary that needs its only replica
 * would take no writes until that is back.
 */
export const replicasToWrite: DatabaseStep = (view, config) =>
  (view.sets ?? []).flatMap((set) => {
    const away = set.partition < set.replicas || whyUnfinished(set, view) !== undefined;
    return away ? lowerFloor(set, view, config) : restoreFloor(set, view, config);
  });

/** Has the primary of a shard do without a replica that is about to go, or has gone; nothing where enough are left. */
export function lowerFloor(set: SetView, view: DatabaseView, { minReplicasToWrite = 0 }: AgentConfig): Action[] {
  const replicas = Math.min(minReplicasToWrite, Math.max(0, set.replicas - 2));
  return primariesOf(set, view)
    .filter(({ cluster }) => cluster.replicasToWrite > replicas)
    .map(({ name }) => tell(name, replicas, 'a replica is being replaced'));
}

function restoreFloor(set: SetView, view: DatabaseView, { minReplicasToWrite = 0 }: AgentConfig): Action[] {
  return primariesOf(set, view)
    .filter(({ cluster }) => cluster.replicasToWrite < minReplicasToWrite)
    .map(({ name }) => tell(name, minReplicasToWrite, 'as declared'));
}

const primariesOf = ({ shard }: SetView, view: DatabaseView) =>
  members(view).filter((member) => member.shard === shard && owns(member));

const tell = (node: string, replicas: number, why: string): Action => ({
  do: 'set-replicas-to-write',
  node,
  replicas,
  why,
});
