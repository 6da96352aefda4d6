import { whyNoCandidate } from './candidate';
import { members, primaryOf } from './members';
import type { DatabaseStep } from './step';

/**
 * Moves the role of a primary to the node that the spec wants there, once that is good enough: one after the other, because each
 * handover needs the votes of the other primaries.
 */
export const preferPrimaries: DatabaseStep = (view, config) => {
  const all = members(view);
  for (const name of config.primaries ?? []) {
    const heir = all.find((member) => member.name === name);
    const primary = heir && primaryOf(heir.shard, all);
    if (!heir || !primary || primary.ending || whyNoCandidate(name, view, config) !== undefined) continue;
    return [{ do: 'failover', node: name, id: heir.cluster.id, from: primary.name, force: false }];
  }
  return [];
};
