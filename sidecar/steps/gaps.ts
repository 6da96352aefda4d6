import { remember } from '../remember';
import type { TableEntry } from '../view';
import { isInPlace, type Member } from './members';

/** A member that has no sound link to another where that is, as its own table says. */
export interface Gap {
  readonly member: Member;
  readonly other: Member;
  /** What the member believes of the other; undefined where it does not know it. */
  readonly entry: TableEntry | undefined;
}

/**
 * Every gap among members: none while all is well. Several steps ask, and with a thousand nodes there are a million pairs, so all tables
 * are gone through once a look, each from its first line to its last.
 */
export const gapsAmong: (all: readonly Member[]) => readonly Gap[] = remember(findGaps);

function findGaps(all: readonly Member[]): Gap[] {
  const byId = new Map(all.map((member) => [member.cluster.id, member]));
  // What many say of a node is one object.
  const weigh = remember((entry: TableEntry): Claim | undefined => {
    const other = entry.handshake ? undefined : byId.get(entry.id);
    return other && { other, sound: isSound(entry, other) };
  });
  return all.flatMap((member) => gapsOf(member, all, weigh));
}

/** What a line of a table says of a member. */
interface Claim {
  readonly other: Member;
  readonly sound: boolean;
}

function gapsOf(member: Member, all: readonly Member[], weigh: (entry: TableEntry) => Claim | undefined): Gap[] {
  const gaps: Gap[] = [];
  let known = 0;
  for (const entry of member.cluster.table) {
    const claim = weigh(entry);
    if (!claim) continue;
    known++;
    if (!claim.sound && claim.other !== member) gaps.push({ member, other: claim.other, entry });
  }
  return known === all.length ? gaps : [...gaps, ...unknownTo(member, all)];
}

const isSound = (entry: TableEntry, other: Member): boolean =>
  entry.connected && entry.health === 'ok' && isInPlace(entry, other);

function unknownTo(member: Member, all: readonly Member[]): Gap[] {
  const known = new Set(member.cluster.table.flatMap(({ id, handshake }) => (handshake ? [] : [id])));
  return all
    .filter((other) => other !== member && !known.has(other.cluster.id))
    .map((other) => ({ member, other, entry: undefined }));
}
