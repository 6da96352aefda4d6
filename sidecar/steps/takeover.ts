import type { AgentConfig } from '../../lib/contract/agent-config';
import { subtractSlots } from '../slots';
import type { DatabaseView, DiskView, OwnView, ServerUp } from '../view';
import { believes, members, owns, type Member } from './members';
import type { NodeStep } from './step';

/**
 * Has the best replica take over at once when the server beside this agent has died as a primary: the agent knows within
 * milliseconds what the others learn after the node timeout.
 *
 * A voter that does not know the candidate as this node's replica denies its vote, and the retry costs seconds; so a majority
 * must list it first.
 */
export const takeover: NodeStep = (view, config) => {
  const dead = deadPrimary(view);
  if (!dead || !view.database) return [];
  // From then on it may start with its data; without any it stays held, and needs its heir for as long.
  if (view.disk.hasData && view.heldMs > patienceMs(config)) return [];
  const all = members(view.database);
  const heir = bestReplica(
    dead.id,
    all.filter(({ server }) => !server.linkUp && wasLinked(server, view.heldMs)),
  );
  if (!heir || succeeded(dead, view.database)) return [];
  // The dead primary counts too.
  if (votersFor(heir, dead.id, all).length * 2 <= all.filter(owns).length + 1) return [];
  return [{ do: 'failover', node: heir.name, id: heir.cluster.id, from: view.name, force: true }];
};

/** How long a dead primary is held for a replica to take over: two node timeouts, so that the engine's own election has its chance. */
export const patienceMs = (config: AgentConfig): number => 2 * config.nodeTimeoutMs;

/**
 * A forced failover asks no replica how old its data is. One that had lost its primary before the primary died is older
 * than what lies on the primary's volume.
 */
export const wasLinked = ({ linkUp, linkSilentSeconds }: ServerUp, deadForMs: number): boolean =>
  // A link that is up long after the primary died leads to somebody else, who has the primary's old address by now.
  linkUp ? deadForMs <= linkSlackMs : linkSilentSeconds * 1000 <= deadForMs + linkSlackMs;

/** A calm agent looks every two seconds, and the replica counts in whole ones. Milliseconds. */
export const linkSlackMs = 3000;

/** A primary with slots that does not run, as its volume says. */
export type DeadPrimary = NonNullable<DiskView['cluster']>;

/** What the own volume says, where the server beside this agent owned slots and does not run now. */
export function deadPrimary(view: OwnView): DeadPrimary | undefined {
  const { cluster } = view.disk;
  const owned = cluster?.role === 'primary' && cluster.slots.length > 0;
  return owned && view.server.state === 'absent' && !view.permitted ? cluster : undefined;
}

/** Primaries that would vote for it: they know it as a replica of the one to be replaced. */
export const votersFor = (heir: Member, primaryId: string, all: readonly Member[]): Member[] =>
  all.filter((member) => owns(member) && believes(member, heir.cluster.id)?.primaryId === primaryId);

/** The replica that has received the most. */
export function bestReplica(primaryId: string, all: readonly Member[]): Member | undefined {
  const able = all.filter((member) => member.self.primaryId === primaryId && !member.ending);
  return able.sort((a, b) => b.server.offset - a.server.offset)[0];
}

/**
 * In somebody's own table every slot that the node owned is another's by now, under a higher config epoch: a table may also be
 * older than the dead primary's own promotion.
 */
export function succeeded(dead: DeadPrimary, view: DatabaseView): boolean {
  return members(view).some((member) => {
    const newer = member.cluster.table.filter((entry) => entry.configEpoch > dead.configEpoch && !entry.handshake);
    const left = subtractSlots(
      dead.slots,
      newer.flatMap((entry) => entry.slots),
    );
    return left.length === 0;
  });
}
