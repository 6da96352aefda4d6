import type { Action } from '../action';
import type { AgentConfig } from '../../lib/contract/agent-config';
import type { DatabaseView, NodeView, OwnView } from '../view';
import { heirAmong, wouldWin } from './handover';
import { believes, members, owns, type Member } from './members';
import { isDeclared, isEnding } from './slots/everyone';
import { isServed } from './slots/founder';
import { inherit } from './slots/inherit';
import { wait, type NodeStep } from './step';

/** How long a node that has handed over waits to be seen as a replica by everybody. Milliseconds. */
const verifyForMs = 30_000;

/** How long a shard that has left the configuration waits for one that stays: all pods may have been deleted at once. Milliseconds. */
const returnForMs = 300_000;

/** How long a server that is needed once more may take to run; in a pod that ends nobody starts a container again. Milliseconds. */
const startForMs = 60_000;

/**
 * Lets the own pod end, but a primary only after a verified handover: no pod goes while its data exists nowhere else.
 * Where every node that could take over is ending too, the shard is meant to go: with all others, and nothing is waited for, or alone,
 * and it ends when the coordinator has moved its slots to those that stay.
 */
export const end: NodeStep = (view, config) => {
  if (!view.stopping) return [];
  if (view.released) return wait('ending');
  if (!view.told) return [{ do: 'tell-ending', node: view.name }];
  if (view.server.state === 'absent' && !mustStart(view, config)) return release(view, 'its server does not run');
  if (view.server.state === 'absent') return [];
  if (!view.database) return wait('ending: the other nodes have not been looked at yet');
  const self = members(view.database).find((member) => member.name === view.name);
  if (!self) return withoutAnswer(view);
  const drain = whyDrain(view, view.database, config);
  if (drain !== undefined && isOrphan(self, view.database)) return inherit(view, self, view.database, config);
  const step = self.self.role === 'replica' ? endReplica : endPrimary;
  const actions = step(view, self, view.database, drain);
  if (!isLeaving(view, view.database, config) || actions[0]?.do !== 'release') return actions;
  if (isDrained(self, view.database)) return [{ ...actions[0], drained: true }];
  // The others may have been looked at a moment before the last slot arrived.
  return view.forsakenMs === undefined && !view.disowned
    ? wait('ending: some slots are not seen with others yet')
    : actions;
};

const release = (view: OwnView, why: string): readonly Action[] => [{ do: 'release', node: view.name, why }];

/** Every slot is served by others: what is on its volume is of use to nobody. */
function isDrained({ shard, self }: Member, database: DatabaseView): boolean {
  return self.slots.length === 0 && isServed(members(database).filter((other) => other.shard !== shard));
}

/** Slots of a shard that goes can be moved only while its server runs: where it is held, it starts like any other. */
function mustStart(view: OwnView, config: AgentConfig): boolean {
  const { database, disk, heldMs } = view;
  const owned = disk.cluster?.role === 'primary' && disk.cluster.slots.length > 0;
  if (!owned || !disk.hasData || !database || heldMs > startForMs) return false;
  return whyDrain(view, database, config) !== undefined;
}

function withoutAnswer(view: OwnView): readonly Action[] {
  if (view.disk.cluster?.role !== 'primary') return release(view, 'its server does not answer, and it is no primary');
  return wait('ending: the own server does not answer');
}

type Drain = string | undefined;

function endReplica(view: OwnView, self: Member, database: DatabaseView, drain: Drain): readonly Action[] {
  const why = drain === undefined ? undefined : whyStay(self, database);
  if (why !== undefined) return wait(`ending: ${why}`);
  const doubt = whyNotSafe(self, database);
  if (doubt === undefined) return release(view, 'another node serves its slots');
  if (view.stoppingMs > verifyForMs) return release(view, `it is a replica, although ${doubt}`);
  return wait(`ending: ${doubt}`);
}

/** In a shard that is being drained the replica is the second copy of what is left, and takes over should its primary die. */
function whyStay(self: Member, database: DatabaseView): string | undefined {
  const { primaryId } = self.self;
  const primary = members(database).find((member) => member.cluster.id === primaryId);
  return primary && primary.self.slots.length > 0 ? `${primary.name} still has slots` : undefined;
}

/** Its primary has slots, and does not answer. */
function isOrphan({ self, cluster }: Member, database: DatabaseView): boolean {
  const { primaryId } = self;
  if (primaryId === undefined || members(database).some((member) => member.cluster.id === primaryId)) return false;
  return cluster.table.some(({ id, slots }) => id === primaryId && slots.length > 0);
}

/** A handover is done when the new primary says so, this node has followed it, and a node that had no part in it agrees. */
export function whyNotSafe(self: Member, database: DatabaseView): string | undefined {
  const all = members(database);
  const primary = all.find((member) => member.cluster.id === self.self.primaryId);
  if (!primary) return allEnding(self, database) ? undefined : 'its primary does not answer';
  if (primary.ending) return undefined;
  if (primary.self.slots.length === 0) return `${primary.name} does not serve its slots yet`;
  if (!self.server.linkUp) return `it has not followed ${primary.name} yet`;
  const witnesses = all.filter((member) => member !== self && member !== primary);
  const agree = (member: Member) => (believes(member, primary.cluster.id)?.slots.length ?? 0) > 0;
  return witnesses.length === 0 || witnesses.some(agree)
    ? undefined
    : `nobody else knows ${primary.name} as primary yet`;
}

function endPrimary(view: OwnView, self: Member, database: DatabaseView, drain: Drain): readonly Action[] {
  if (self.self.slots.length === 0) return endEmpty(view, self);
  if (allEnding(self, database) && drain !== undefined) return wait(`ending: ${drain}`);
  if (isAlone(self, database) && mayBeNewsOfIt(view)) return wait('ending: its shard may be about to go');
  if (allEnding(self, database)) return release(view, 'every node that could take over is ending too');
  const all = members(database);
  // Of a mate that went without a word nobody knows that it was to end.
  if (view.disowned && all.length === 1) return release(view, 'the database has been deleted, and nobody else is left');
  const heir = heirAmong(self, all);
  if (!heir) return wait('ending: no replica is in sync to take over');
  if (!wouldWin(heir, self, all)) return wait(`ending: most primaries do not know ${heir.name} as its replica yet`);
  const first = all.find(
    (member) => member.name === self.name || (member.ending && mayHandOver(member, all, database)),
  )!;
  if (first.name !== self.name) return wait(`ending: ${first.name} hands over first`);
  return [{ do: 'failover', node: heir.name, id: heir.cluster.id, from: view.name, force: false }];
}

/**
 * Elections that begin together ask for votes in the same epoch, and a primary has one vote an epoch: so of the primaries that are
 * ending, as when every shard is rolled at once, one hands over after the other, in the order of the configuration.
 */
function mayHandOver(member: Member, all: readonly Member[], database: DatabaseView): boolean {
  const heir = owns(member) && !allEnding(member, database) ? heirAmong(member, all) : undefined;
  return heir !== undefined && wouldWin(heir, member, all);
}

/** Also where the shard has no other node. */
function allEnding(self: Member, database: DatabaseView): boolean {
  return database.nodes.every((node) => node.shard !== self.shard || node.name === self.name || node.ending);
}

/** Keys of slots that are half-way to it exist nowhere else. The coordinator finishes what has been begun. */
function endEmpty(view: OwnView, self: Member): readonly Action[] {
  const left = new Set(view.leftovers?.slots);
  const arriving = self.self.openSlots.filter((mark) => mark.includes('<-') && !left.has(Number.parseInt(mark, 10)));
  if (arriving.length > 0 && view.forsakenMs === undefined) return wait('ending: slots are half-way to it');
  return release(view, 'it owns no slots');
}

/** How long a node that is its whole shard waits to hear that this goes: news of a change may come after the order to end. Milliseconds. */
const newsMs = 10_000;

const mayBeNewsOfIt = ({ stoppingMs, fenced, forsakenMs, disowned }: OwnView): boolean =>
  stoppingMs < newsMs && fenced === undefined && forsakenMs === undefined && !disowned;

const isAlone = ({ name, shard }: Pick<Member, 'name' | 'shard'>, { nodes }: DatabaseView): boolean =>
  nodes.every((node) => node.shard !== shard || node.name === name);

/** Its shard goes: this agent has heard so, or all of it ends; of a shard of one node another agent may have heard it. The last shards go first. */
function isLeaving({ shard, fenced, name }: OwnView, database: DatabaseView, config: AgentConfig): boolean {
  const index = config.shards.findIndex((each) => each.name === shard);
  const goes = ({ agent }: NodeView): boolean => agent?.shards !== undefined && agent.shards <= index;
  if (index < 0 || (isAlone({ name, shard }, database) && database.nodes.some(goes))) return true;
  return fenced === undefined && isEnding(database, shard);
}

/**
 * Why a shard that goes has to be drained first; undefined where it does not go, or goes with all others. Whoever is away may be back in a
 * moment, and without this shard's slots the database would never be whole again.
 */
function whyDrain(view: OwnView, database: DatabaseView, config: AgentConfig): Drain {
  if (!isLeaving(view, database, config)) return undefined;
  const { shard, forsakenMs, disowned } = view;
  const declared = isDeclared(shard, config);
  if (forsakenMs === undefined) return 'its slots are moving to the shards that stay';
  return declared || disowned || forsakenMs >= returnForMs ? undefined : 'no shard that stays answers';
}
