import type { DatabaseView } from '../view';
import { gapsAmong, type Gap } from './gaps';
import { absent, isInPlace, members, owns, primaryOf, shardsOf, type Member } from './members';
import { isDrained } from './slots/everyone';
import { wait, type DatabaseStep } from './step';
import { unawareOf } from './unaware';

/** Says what is still to come when nothing is left to do, so that an empty plan means a complete database. */
export const settle: DatabaseStep = (view) => {
  const why = whyIncomplete(view);
  return why === undefined ? [] : wait(why);
};

function whyIncomplete(view: DatabaseView): string | undefined {
  const missing = absent(view).find(({ fenced }) => fenced === undefined);
  if (missing) return `${missing.name} does not answer`;
  const all = members(view);
  const apart = gapsAmong(all)
    .map(whyApart)
    .find((why) => why !== undefined);
  if (apart !== undefined) return apart;
  const orphan = shardsOf(view).find((shard) => !primaryOf(shard, all) && !isDrained(view, shard));
  if (orphan !== undefined) return `shard ${orphan} has no primary`;
  const surplus = all.find((member) => owns(member) && primaryOf(member.shard, all) !== member);
  if (surplus) return `shard ${surplus.shard} has more than one primary, ${surplus.name} among them`;
  const [unaware] = unawareOf(view);
  if (unaware) return `${unaware.name} has not heard yet who owns every slot`;
  return whyNotServing(all);
}

/** Gossip corrects an address only when nobody has answered there for a node timeout; until then clients are sent there. */
function whyApart({ member, other, entry }: Gap): string | undefined {
  if (!entry?.connected) return `${member.name} has no link to ${other.name} yet`;
  return isInPlace(entry, other) ? undefined : `${member.name} looks for ${other.name} at an old address`;
}

function whyNotServing(all: readonly Member[]): string | undefined {
  const unsynced = all.find((member) => !member.server.linkUp);
  if (unsynced) return `${unsynced.name} is copying the data of its primary`;
  const failing = all.find((member) => !member.cluster.ok);
  return failing && `${failing.name} does not report cluster_state:ok yet`;
}
