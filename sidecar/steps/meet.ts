import type { Action } from '../action';
import { gapsAmong, type Gap } from './gaps';
import { isInPlace, members, type Member } from './members';
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
  const gaps = gapsAmong(all).filter(isLost);
  if (gaps.length === 0) return [];
  const hub = findHub(all, gaps);
  const others = all.filter((member) => member !== hub);
  const unreached = unreachedBy(hub, gaps);
  return [
    ...others.filter((other) => unreached.has(other)).map((other) => introduce(hub, other)),
    ...introduceOthers(others, gaps),
  ];
};

/** It does not know the other where that really is; a link may just not be there yet. */
const isLost = ({ other, entry }: Gap): boolean => !entry || !isInPlace(entry, other) || entry.health !== 'ok';

/** The member that reaches the most others; one that owns slots before one that does not. */
function findHub(all: readonly Member[], gaps: readonly Gap[]): Member {
  const unreached = new Map<Member, number>();
  for (const { member } of gaps) unreached.set(member, (unreached.get(member) ?? 0) + 1);
  const rank = (member: Member) => (unreached.get(member) ?? 0) * 2 + (member.self.slots.length > 0 ? 0 : 1);
  return [...all].sort((a, b) => rank(a) - rank(b))[0]!;
}

/** Whom the hub does not reach, and who does not know the hub. */
const unreachedBy = (hub: Member, gaps: readonly Gap[]): ReadonlySet<Member> =>
  new Set(
    gaps.flatMap(({ member, other, entry }) => {
      if (member === hub) return other;
      return other === hub && !entry ? member : [];
    }),
  );

/**
 * Strangers to each other, of those that stand near; and two that have lost each other, because somebody else has answered at the address that
 * each had of the other: gossip corrects the address of a node that fails, but not a missing one.
 */
function introduceOthers(others: readonly Member[], gaps: readonly Gap[]): Action[] {
  const places = new Map(others.map((member, index) => [member, index]));
  const blind = new Map(others.map((member) => [member, new Map<Member, Gap>()]));
  for (const gap of gaps) if (!gap.entry || gap.entry.ip === '') blind.get(gap.member)?.set(gap.other, gap);
  return others.flatMap((member, index) => {
    const pairs = [...blind.get(member)!.values()].flatMap(({ other, entry }) => {
      const back = blind.get(other)?.get(member);
      const distance = (places.get(other) ?? -1) - index;
      const strangers = !entry && back && !back.entry && distance <= introductions;
      const lost = entry && back?.entry;
      return distance > 0 && (strangers || lost) ? [{ other, distance }] : [];
    });
    return pairs.sort((a, b) => a.distance - b.distance).map(({ other }) => introduce(member, other));
  });
}

const introduce = (member: Member, peer: Member): Action => ({
  do: 'meet',
  node: member.name,
  peer: peer.name,
  at: peer.address,
});
