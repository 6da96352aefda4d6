import type { Action } from '../action';
import { believes, isInPlace, members, owns, primaryOf, whyKeepFollowing, type Member } from './members';
import { founderOf } from './slots/founder';
import type { DatabaseStep } from './step';

/**
 * KeyDB goes on copying from where its primary was, where it learns from others where that is now: clusterProcessGossipSection changes the
 * table and not the link, as nodeUpdateAddressIfNeeded does (src/cluster.cpp, 6.3.4).
 */
function isAstray(member: Member, primary: Member): boolean {
  const { copiesFrom } = member.cluster;
  if (member.server.linkUp || !copiesFrom) return false;
  const entry = believes(member, primary.cluster.id);
  if (!entry || !isInPlace(entry, primary)) return false;
  return copiesFrom.ip !== entry.ip || copiesFrom.client !== entry.client;
}

/**
 * Makes every node without slots a replica of its own shard's primary, whoever that is by now, or is to be: a new shard has its copies
 * before it has its first key.
 */
export const replicate: DatabaseStep = (view) => {
  const all = members(view);
  return all.flatMap((member): Action[] => {
    const primary = primaryOf(member.shard, all) ?? founderOf(member.shard, view);
    if (!primary || primary.name === member.name || owns(member)) return [];
    if (member.self.primaryId === primary.cluster.id && !isAstray(member, primary)) return [];
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
