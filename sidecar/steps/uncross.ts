import { believes, members, owns, primaryOf, shardsOf, whyKeepFollowing, type Member } from './members';
import { wait, type DatabaseStep } from './step';

/**
 * Brings a shard's slots back to it when they are served by a node of another shard: one of its nodes follows that primary and then
 * takes over, so that no slot has to move. One shard at a time.
 */
export const uncross: DatabaseStep = (view) => {
  const all = members(view);
  for (const shard of shardsOf(view)) {
    if (primaryOf(shard, all)) continue;
    const guest = guestIn(all);
    if (!guest) continue;
    const heir = chooseHeir(shard, guest, all);
    if (heir) return takeBack(heir, guest);
  }
  return [];
};

/** One that has slots beside the primary of its own shard: they are another shard's. */
export const guestIn = (all: readonly Member[]): Member | undefined =>
  all.find((member) => owns(member) && primaryOf(member.shard, all) !== member);

/** A node of the shard that may follow the guest; one that does already comes first. */
function chooseHeir(shard: string, guest: Member, all: readonly Member[]): Member | undefined {
  const follows = (member: Member) => member.self.primaryId === guest.cluster.id;
  const able = all.filter(
    (member) =>
      member.shard === shard && !member.ending && (follows(member) || whyKeepFollowing(member, all) === undefined),
  );
  return able.find(follows) ?? able.find((member) => believes(member, guest.cluster.id));
}

function takeBack(heir: Member, guest: Member): ReturnType<DatabaseStep> {
  if (heir.self.primaryId !== guest.cluster.id) {
    return [{ do: 'replicate', node: heir.name, primary: guest.name, primaryId: guest.cluster.id }];
  }
  if (!heir.server.linkUp) return wait(`${heir.name} is copying the data of ${guest.name}`);
  return [{ do: 'failover', node: heir.name, id: heir.cluster.id, from: guest.name, force: false }];
}
