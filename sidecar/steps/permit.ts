import type { AgentConfig } from '../../lib/contract/agent-config';
import type { DatabaseView, NodeView, OwnView } from '../view';
import { believes, members, type Member } from './members';
import { isServed } from './slots/founder';
import { mayReturn } from './strangers';
import { deadPrimary, patienceMs, succeeded, wasLinked } from './takeover';
import { wait, type NodeStep } from './step';

/**
 * Decides whether the own server may start. A node never becomes a primary by starting: one that owned slots waits until a
 * replica has taken over, because it may come back with older data, or none, and its replicas would copy that.
 */
export const permit: NodeStep = (view, config) => {
  const { start } = view;
  if (view.server.state !== 'absent' || view.permitted || start === undefined) return [];
  const verdict = judge(view, config);
  if (!verdict.start) return wait(`held: ${verdict.why}`);
  return [{ do: 'permit', node: view.name, start, why: verdict.why, ...(verdict.anew ? { anew: true } : {}) }];
};

interface Verdict {
  readonly start: boolean;
  readonly why: string;
  /** With nothing of what is on the volume. */
  readonly anew?: true;
}

const start = (why: string): Verdict => ({ start: true, why });
const hold = (why: string): Verdict => ({ start: false, why });

function judge(view: OwnView, config: AgentConfig): Verdict {
  if (view.accounts.state === 'unclear') return hold(view.accounts.reason);
  if (!view.database) return hold('the other nodes have not been looked at yet');
  const copier = whoWouldCopy(view, view.database);
  if (copier) return hold(`${copier.name} follows somebody who was at this address, and would copy this node instead`);
  if (isForgotten(view, view.database)) {
    return { start: true, why: 'nobody knows it any more, and every slot is served', anew: true };
  }
  const dead = deadPrimary(view);
  if (!dead) return start('it owns no slots');
  const mates = view.database.nodes.filter((node) => node.shard === view.shard && node.name !== view.name);
  if (mates.length === 0) return start('its shard has no other node');
  if (succeeded(dead, view.database)) return start('its slots are served by others, it will follow');
  const newer = mates.find((mate) => diskEpoch(mate) > dead.configEpoch);
  if (newer) return hold(`${newer.name} was primary after it`);
  const boundMs = patienceMs(config);
  const heirs = mates.filter((mate) => mayTakeOver(mate, dead.id, view.heldMs, boundMs));
  if (heirs.length > 0 && view.heldMs < boundMs) return hold(`${namesOf(heirs)} may take over`);
  if (config.persistence === 'off' && !mates.some(mayHaveCopy))
    return start('its data was in memory only, and nobody has a copy');
  if (!view.disk.hasData) return hold('its volume has no data, and no other node has taken over');
  return start(
    heirs.length > 0 ? `nobody took over within ${boundMs} ms, and it has data` : 'no other node can take over',
  );
}

/**
 * A replica of somebody who was here before: it follows an address, not an id. Where a node comes back without its volume, its
 * replica has the only copy until it is promoted; and a new node has nothing worth copying.
 */
function whoWouldCopy({ name, disk }: OwnView, database: DatabaseView): Member | undefined {
  const here = database.nodes.find((node) => node.name === name)?.address;
  return members(database).find((member) => {
    const { primaryId } = member.self;
    const followed = primaryId === undefined ? undefined : believes(member, primaryId);
    if (!here || !followed || (disk.hasData && mayReturn(followed.id, database))) return false;
    return followed.ip === here.ip && followed.client === here.client;
  });
}

/** A replica of it that runs and has run all the time, or a node of which nothing is known but that its server may. */
function mayTakeOver(mate: NodeView, primaryId: string, heldMs: number, boundMs: number): boolean {
  const { server, agent } = mate;
  if (server.state !== 'up') return agent ? agent.server !== 'held' : !mate.ending;
  const self = server.cluster?.table.find((entry) => entry.myself);
  // In a pod that was made anew nobody knows for how long its server had been dead before.
  const deadForMs = server.linkUp ? heldMs : Math.max(heldMs, boundMs);
  return self === undefined || (self.primaryId === primaryId && wasLinked(server, deadForMs));
}

/**
 * Its id is in nobody's table, and nobody misses its data. Whoever was told to forget it tells all others so for a minute: under that id it
 * would lose every slot that it is given: clusterProcessPingExtensions (Valkey 7.2 and later, Redis 7.2 and later).
 */
function isForgotten({ disk }: OwnView, database: DatabaseView): boolean {
  const all = members(database);
  const id = disk.cluster?.id;
  return id !== undefined && isServed(all) && !all.some((member) => believes(member, id));
}

/** A node that has been in a shard and still runs, or of which nothing is known. One that is held has lost what it had in memory. */
function mayHaveCopy({ server, agent, ending }: NodeView): boolean {
  if (server.state !== 'up') return agent ? agent.server !== 'held' : !ending;
  const self = server.cluster?.table.find((entry) => entry.myself);
  return self === undefined || self.role === 'replica' || self.slots.length > 0;
}

/** The config epoch under which a node that does not run was a primary with slots; -1 where it was none. */
function diskEpoch(mate: NodeView): number {
  const cluster = mate.agent?.disk.cluster;
  const wasPrimary = mate.server.state !== 'up' && cluster?.role === 'primary' && cluster.slots.length > 0;
  return wasPrimary ? cluster.configEpoch : -1;
}

const namesOf = (nodes: readonly NodeView[]): string => nodes.map((node) => node.name).join(' or ');
