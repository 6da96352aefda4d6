import { canLoad } from '../../../lib/contract/data-format';
import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../action';
import type { SetView } from '../../view-sets';
import type { DatabaseView } from '../../view';
import { members, primaryOf } from '../members';
import type { DatabaseStep } from '../step';
import { isChanging, isOfAgentsAlone, isStopped, isUpdated, outdatedPods } from './sets';
import { isLate, whyNewUnsound } from './sound';

/**
 * Takes a pod back that was replaced and is not sound in time, and has the roll-out stop there. While no pod is being replaced every
 * one is held as it is: what changes in a template is rolled out by {@link roll} alone.
 */
export const revert: DatabaseStep = (view, config) => {
  const sets = view.sets ?? [];
  const stops = sets.flatMap((set) => stop(set, view, config));
  if (stops.length > 0) return stops;
  return sets.flatMap((set) => [...putBack(set), ...release(set), ...hold(set)]);
};

function stop(set: SetView, view: DatabaseView, config: AgentConfig): Action[] {
  if (!isChanging(set) || isStopped(set) || isOfAgentsAlone(set)) return [];
  const late = set.pods.find((pod) => isUpdated(pod, set) && isLate(pod, view, config));
  const node = view.nodes.find(({ name }) => name === late?.name);
  const trouble = node && late && whyNewUnsound(node, late);
  if (!trouble) return [];
  const { name, version, updateRevision: revision } = set;
  const back = mayGoBack(set, view, config);
  return [{ do: 'stop-rollout', set: name, version, revision, node: late.name, ...trouble, back }];
}

/** A primary of the new version writes what one of the old may not be able to read, to its replicas too. */
function mayGoBack(set: SetView, view: DatabaseView, { engine }: AgentConfig): boolean {
  const primary = primaryOf(set.shard, members(view))?.name;
  const updated = set.pods.some((pod) => pod.name === primary && isUpdated(pod, set));
  const [major, minor] = (set.previousVersion ?? '').split('.');
  return !updated || canLoad({ name: engine.name, version: `${major}.${minor}` }, engine);
}

/** The pod that has failed; made anew, it is what it was. */
function putBack(set: SetView): Action[] {
  const { stopped, partition, pods } = set;
  const failed = pods.find(({ name, ending }) => name === stopped?.node && !ending);
  if (!isStopped(set) || !stopped?.back || !failed || failed.ordinal >= partition || !isUpdated(failed, set)) return [];
  return [
    { do: 'replace-pod', node: failed.name, uid: failed.uid, why: 'it is to be what it was before the roll-out' },
  ];
}

/** A shard of which no server can run has nothing to lose by what was asked for last, and nothing to wait for. */
function release(set: SetView): Action[] {
  const { name, version, partition, pods, replicas } = set;
  const hopeless = pods.length === replicas && pods.every((pod) => pod.trouble && !isUpdated(pod, set));
  if (isStopped(set) || !hopeless || partition === 0) return [];
  return [{ do: 'set-partition', set: name, version, partition: 0, why: 'none of its servers can run as it is' }];
}

/**
 * From the moment in which a pod is made anew until the next one's turn. Else Kubernetes would replace those that were replaced at
 * once when the template changes again, whoever else is away.
 */
function hold(set: SetView): Action[] {
  const { name, version, partition, replicas, observed, pods } = set;
  const held = { do: 'set-partition', set: name, version, partition: replicas } as const;
  if (!observed) return [];
  if (!isChanging(set)) {
    const remembers = set.stopped ?? set.previousVersion ?? set.approvedRevision;
    if (partition === replicas && remembers === undefined) return [];
    return [{ ...held, over: true, why: 'the next change waits for its turn' }];
  }
  const open = pods.filter(({ ordinal }) => ordinal >= partition);
  const replaced = open.length === replicas - partition && open.every((pod) => isUpdated(pod, set) && !pod.ending);
  const failed = isStopped(set) && outdatedPods(set).length > 0;
  if (partition === replicas || !(replaced || failed)) return [];
  return [{ ...held, why: 'the next pod waits for its turn' }];
}
