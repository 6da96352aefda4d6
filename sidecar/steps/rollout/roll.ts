import type { AgentConfig } from '../../../lib/contract/agent-config';
import { slotCount } from '../../../lib/contract/slot-count';
import type { Action } from '../../action';
import { countSlots, mergeSlots } from '../../slots';
import type { PodView, SetView } from '../../view-sets';
import type { DatabaseView } from '../../view';
import { heirAmong, wouldWin } from '../handover';
import { members, owns, primaryOf, type Member } from '../members';
import { whyUnrestored } from '../restore';
import { wait, type DatabaseStep } from '../step';
import { whyUnfinished } from './progress';
import { lowerFloor } from './replicas-to-write';
import { isChanging, isOfAgentsAlone, isStopped, isUpdated, outdatedPods } from './sets';
import { whySkewed } from './skew';
import { podOf, whyUnsound } from './sound';

/**
 * Replaces pods whose template has changed: shard after shard, in a shard from the highest ordinal down, which is the order in which a
 * StatefulSet goes; each only when the one before is sound. A primary hands over first, to a node that is still what it was as
 * long as there is one: it may not be able to read what a newer primary sends.
 */
export const roll: DatabaseStep = (view, config) => {
  const sets = view.sets ?? [];
  const stopped = sets.find(isStopped);
  if (stopped) return wait(`the roll-out of ${stopped.name} has stopped`);
  const changing = sets.filter(hasChanged);
  if (changing.length === 0) return [];
  for (const set of changing) {
    const skew = whySkewed(set, view, config);
    if (skew !== undefined) return wait(`the roll-out of ${set.name} does not begin: ${skew}`);
  }
  if (config.upgrade?.strategy === 'Recreate') return recreate(changing);
  const begun = changing.filter(hasBegun);
  const next = changing.filter((set) => !hasBegun(set));
  const active = [...begun, ...next].slice(0, Math.max(begun.length, config.upgrade?.maxUnavailable ?? 1));
  const plans = active.map((set) => advance({ set, active, view, config }));
  return plans.find((plan) => plan.some((action) => action.do !== 'wait')) ?? plans[0]!;
};

const hasChanged = (set: SetView): boolean => isChanging(set) && !isOfAgentsAlone(set);

/**
 * Replaces pods whose template has changed of a database that is to start from a backup: it runs nowhere yet, and may wait for the very
 * change. Where somebody cannot be asked it may run.
 */
export const rollHeld: DatabaseStep = (view, config) => {
  const { sets = [], nodes } = view;
  const changing = sets.filter((set) => hasChanged(set) && !isStopped(set));
  const isHeld = nodes.every(({ agent }) => agent?.server === 'held');
  return changing.length > 0 && isHeld && whyUnrestored(view, config) !== undefined ? recreate(changing) : [];
};

interface Turn {
  readonly set: SetView;
  /** Sets of which a pod may be away. */
  readonly active: readonly SetView[];
  readonly view: DatabaseView;
  readonly config: AgentConfig;
}

const hasBegun = (set: SetView): boolean =>
  set.partition < set.replicas || set.pods.length < set.replicas || outdatedPods(set).length < set.replicas;

/** Every pod at once; each server ends in good order. */
function recreate(sets: readonly SetView[]): readonly Action[] {
  const old = sets.filter((set) => outdatedPods(set).length > 0);
  const held = old.filter(({ partition }) => partition > 0);
  if (held.length > 0) return held.map((set) => lower(set, 0, 'all pods are replaced at once'));
  const pods = old.flatMap((set) => outdatedPods(set).filter(({ ending }) => !ending));
  if (pods.length === 0) return wait('roll-out: every pod is being replaced');
  return pods.map(({ name, uid }) => ({ do: 'replace-pod', node: name, uid, why: 'all pods are replaced at once' }));
}

function advance(turn: Turn): readonly Action[] {
  const { set, view } = turn;
  const unfinished = whyUnfinished(set, view);
  if (unfinished !== undefined) return wait(`roll-out: ${unfinished}`);
  const target = outdatedPods(set).at(-1);
  if (!target) return wait(`roll-out: Kubernetes has not counted the pods of ${set.name} yet`);
  if (set.partition <= target.ordinal) return wait(`roll-out: ${target.name} is being replaced`);
  const doubt = whyNotNow(target, turn);
  if (doubt !== undefined) return wait(`roll-out: ${target.name} is next, but ${doubt}`);
  const actions = [lower(set, target.ordinal, `${target.name} is next`, versionIn(turn))];
  return handOver(target, turn) ?? [...lowerFloor(set, view, turn.config), ...actions];
}

const lower = (set: SetView, partition: number, why: string, from?: string): Action => ({
  do: 'set-partition',
  set: set.name,
  version: set.version,
  partition,
  ...(from === undefined ? {} : { from }),
  why,
});

/** What the servers of the set run before the first of its pods is replaced; undefined afterwards. */
function versionIn({ set, view }: Turn): string | undefined {
  if (hasBegun(set)) return undefined;
  return view.nodes.flatMap(({ shard, server }) =>
    shard === set.shard && server.state === 'up' ? [server.version] : [],
  )[0];
}

/** Why nothing may be taken away now. */
function whyNotNow(target: PodView, { set, active, view, config }: Turn): string | undefined {
  const all = members(view);
  if (config.topology === 'cluster') {
    const served = countSlots(mergeSlots(all.filter(owns).flatMap(({ self }) => self.slots)));
    if (served < slotCount) return `${slotCount - served} slots are not served`;
  }
  // Made anew, a pod would have lost the mark by which it is fenced.
  const fenced = view.nodes.find((node) => node.shard === set.shard && node.fenced !== undefined);
  if (fenced) return `${fenced.name} is fenced`;
  const away = new Set(active.filter((one) => one !== set).map(({ shard }) => shard));
  for (const node of view.nodes) {
    if (node.name === target.name || away.has(node.shard) || node.fenced !== undefined) continue;
    const pod = podOf(node.name, view);
    const trouble = whyUnsound(node, pod);
    if (trouble && !isOutdated(pod, set, all)) return `${node.name} is not sound: ${trouble.says}`;
  }
  return undefined;
}

/** A pod that is still to be replaced, and cannot be sound before: it does not run, or cannot read what its primary sends. */
function isOutdated(pod: PodView | undefined, set: SetView, all: readonly Member[]): boolean {
  if (!pod || !set.pods.includes(pod) || isUpdated(pod, set)) return false;
  const primary = primaryOf(set.shard, all)?.name;
  return pod.trouble !== undefined || set.pods.some((one) => one.name === primary && isUpdated(one, set));
}

/** undefined where there is nothing to hand over, or nobody to take it. */
function handOver(target: PodView, { set, view, config }: Turn): readonly Action[] | undefined {
  const all = members(view);
  const primary = all.find((member) => member.name === target.name && owns(member));
  const serves = primary !== undefined || config.topology === 'standalone';
  if (serves && config.upgrade?.supervised && set.approvedRevision !== set.updateRevision)
    return wait(`roll-out: ${target.name} is a primary and waits for: keyspace approve ${set.shard}`);
  if (!primary || set.replicas === 1) return undefined;
  const old = outdatedPods(set).filter(({ name }) => name !== target.name);
  const allowed = all.filter(({ name }) => old.length === 0 || old.some((pod) => pod.name === name));
  const heir = heirAmong(primary, allowed);
  if (!heir) return wait(`roll-out: no replica is in sync to take over from ${target.name}`);
  if (!wouldWin(heir, primary, all))
    return wait(`roll-out: most primaries do not know ${heir.name} as a replica of ${target.name} yet`);
  return [{ do: 'failover', node: heir.name, id: heir.cluster.id, from: target.name, force: false }];
}
