import { bestReplica, votersFor } from './takeover';
import type { Member } from './members';

/** The replica that is to take over from a primary that runs: the one in sync that has received the most. */
export const heirAmong = ({ cluster }: Member, all: readonly Member[]): Member | undefined =>
  bestReplica(
    cluster.id,
    all.filter(({ server }) => server.linkUp),
  );

/**
 * A primary votes only for what it knows as a replica of the one to be replaced. An election that is lost costs more than a
 * wait: the old primary takes no writes until the handover has timed out, 5 seconds.
 */
export function wouldWin(heir: Member, { cluster }: Member, all: readonly Member[]): boolean {
  const voters = cluster.table.filter(({ role, slots }) => role === 'primary' && slots.length > 0);
  return votersFor(heir, cluster.id, all).length * 2 > voters.length;
}
