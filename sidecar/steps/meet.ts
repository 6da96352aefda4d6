import type { Action } from '../action';
import { believes, isInPlace, members, type Member } from './members';
import { everyone } from './slots/everyone';
import type { DatabaseStep } from './step';

/** How many nodes a newcomer is introduced to beside the hub; the rest hears of it by gossip. */
const introductions = 5;

/**
 * Introduces nodes to each other: newcomers, and nodes whose address changed while nobody was there to notice.
 *
 * One node, the hub, meets everybody it cannot talk to, and gossip spreads what it learns; one MEET a moved node is enough. Newcomers meet
 * a few more, because gossip takes a second a hop. A node that was restarted in the middle of its handshake knows nobody, although
 * the others know it, and listens to nobody but to one who greets it with MEET. Two that have swapped addresses with others can lose each other for good.
 */
export const meet: DatabaseStep = (view) => {
  const all = members(everyone(view));
  const hub = findHub(all);
  if (!hub) return [];
  const others = all.filter((member) => member !== hub);
  const unreached = others.filter((other) => !reaches(hub, other) || !believes(other, hub.cluster.id));
  const neighbours = others.flatMap((member, index) =>
    others
      .slice(index + 1)
      .filter((other, distance) => areLost(member, other) || (distance < introductions && areStrangers(member, other)))
      .map((other) => introduce(member, other)),
  );
  return [...unreached.map((other) => introduce(hub, other)), ...neighbours];
};

/** The member that reaches the most others; one that owns slots before one that does not. */
function findHub(all: readonly Member[]): Member | undefined {
  const rank = (member: Member) => {
    const reached = all.filter((other) => other !== member && reaches(member, other)).length;
    return reached * 2 + (member.self.slots.length > 0 ? 1 : 0);
  };
  return [...all].sort((a, b) => rank(b) - rank(a))[0];
}

const areStrangers = (a: Member, b: Member): boolean =>
  believes(a, b.cluster.id) === undefined && believes(b, a.cluster.id) === undefined;

/** Somebody else has answered at the address that each had of the other. Gossip corrects the address of a node that fails, but not a missing one. */
const areLost = (a: Member, b: Member): boolean =>
  believes(a, b.cluster.id)?.ip === '' && believes(b, a.cluster.id)?.ip === '';

/** Knows it, where it really is. */
function reaches(member: Member, other: Member): boolean {
  const entry = believes(member, other.cluster.id);
  return entry !== undefined && isInPlace(entry, other) && entry.health === 'ok';
}

const introduce = (member: Member, peer: Member): Action => ({
  do: 'meet',
  node: member.name,
  peer: peer.name,
  at: peer.address,
});
