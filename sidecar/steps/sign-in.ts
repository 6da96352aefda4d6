import { replicationUserOf } from '../replication-user';
import { members } from './members';
import type { DatabaseStep } from './step';

/**
 * Has every replica sign in as one of its primary's shard. It does so by itself in its own shard, and would be turned away where it
 * has to follow a node of another, or has done so before.
 */
export const signIn: DatabaseStep = (view, config) => {
  const all = members(view);
  const byId = new Map(all.map((member) => [member.cluster.id, member]));
  return all.flatMap(({ name, self, cluster }) => {
    const primary = byId.get(self.primaryId ?? '');
    if (!primary) return [];
    const user = replicationUserOf(primary.name, config);
    return cluster.replicationUser === user
      ? []
      : [{ do: 'set-replication-user', node: name, primary: primary.name, user }];
  });
};
