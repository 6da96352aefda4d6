import type { Action } from '../action';
import { believes, members, owns, primaryOf, whyKeepFollowing } from './members';
import { founderOf } from './slots/founder';
import type { DatabaseStep } from './step';

/**
 * Makes every node without slots a replica of its own shard's primary, whoever that is by now, or is to be: a new shard has its copies
 * before it has its first key.
 */
export const replicate: DatabaseStep = (view) => {
  const all = members(view);
  return all.flatMap((member): Action[] => {
    const primary = primaryOf(member.shard, all) ?? founderOf(member.shard, view);
    if (!primary || primary.name === member.name || owns(member)) return [];
    if (member.self.primaryId === primary.cluster.id) return [];
    // A server refuses to follow while it thinks that it owns slots.
    if (member.outdated) return [{ do: 'wait', why: `${member.name} has not heard yet that it has lost its slots` }];
    const why = whyKeepFollowing(member, all);
    if (why !== undefined) return [{ do: 'wait', why }];
    // REPLICATE of an id that gossip has not brought yet is refused: "Unknown node".
    if (!believes(member, primary.cluster.id)) {
      return [{ do: 'wait', why: `${member.name} has not heard of ${primary.name} yet` }];
    }
    return [{ do: 'replicate', node: member.name, primary: primary.name, primaryId: primary.cluster.id }];
  });
};
