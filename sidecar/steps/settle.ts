import type { DatabaseView } from '../view';
import { absent, believes, members, owns, primaryOf, shardsOf, type Member } from './members';
import { wait, type DatabaseStep } from './step';

/** Says what is still to come when nothing is left to do, so that an empty plan means a complete database. */
export const settle: DatabaseStep = (view) => {
  const why = whyIncomplete(view);
  return why === undefined ? [] : wait(why);
};

function whyIncomplete(view: DatabaseView): string | undefined {
  const missing = absent(view)[0];
  if (missing) return `${missing.name} does not answer`;
  const all = members(view);
  for (const member of all) {
    const stranger = all.find((other) => !believes(member, other.cluster.id)?.connected && other !== member);
    if (stranger) return `${member.name} has no link to ${stranger.name} yet`;
  }
  const orphan = shardsOf(view).find((shard) => !primaryOf(shard, all));
  if (orphan !== undefined) return `shard ${orphan} has no primary`;
  const surplus = all.find((member) => owns(member) && primaryOf(member.shard, all) !== member);
  if (surplus) return `shard ${surplus.shard} has more than one primary, ${surplus.name} among them`;
  return whyNotServing(all);
}

function whyNotServing(all: readonly Member[]): string | undefined {
  const unsynced = all.find((member) => !member.server.linkUp);
  if (unsynced) return `${unsynced.name} is copying the data of its primary`;
  const failing = all.find((member) => !member.cluster.ok);
  return failing && `${failing.name} does not report cluster_state:ok yet`;
}
