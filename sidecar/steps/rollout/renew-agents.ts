import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../action';
import type { PodView, SetView } from '../../view-sets';
import type { DatabaseView } from '../../view';
import { wait, type DatabaseStep } from '../step';
import { isChanging, isOfAgentsAlone, isStopped, outdatedPods } from './sets';
import { isLate, podOf, whyAgentUnsound, whyUnsound } from './sound';

/**
 * Changes the image of the agent in the pods that run, one after the other: only that container restarts. A pod that is then what the
 * newest revision of its StatefulSet would make of it is counted as of that revision, and nothing replaces it.
 */
export const renewAgents: DatabaseStep = (view, config) => {
  const sets = view.sets ?? [];
  const notes = sets.flatMap(note);
  if (notes.length > 0) return notes;
  const changing = sets.flatMap((set) => set.pods.filter(isBetween).map((pod) => ({ set, pod })));
  const steps = changing.flatMap((turn) => goOn(turn, view, config));
  if (steps.length > 0) return steps;
  // What one pod cannot bear is not tried on the next.
  if (sets.some(isStopped)) return [];
  const behind = sets.filter(isOfAgentsAlone);
  return behind.length > 0 ? begin(behind, view) : [];
};

/** How many revisions are remembered: a pod is at most as many behind as agents were changed while it was away. */
const remembered = 10;

/** Remembers which revisions differ in the agent's image alone, for a revision that is gone cannot be compared any more. */
function note(set: SetView): Action[] {
  const { name, version, template, updateRevision } = set;
  if (!template || !set.observed) return [];
  const { rest, alike } = template;
  const same = alike?.rest === rest;
  // What is not rolled out yet may never be: until then the pods that run count.
  if ((same && alike.revisions.includes(updateRevision)) || (!same && isChanging(set))) return [];
  const revisions = [...(same ? alike.revisions : []), updateRevision].slice(-remembered);
  return [{ do: 'note-template', set: name, version, alike: { rest, revisions } }];
}

interface Turn {
  readonly set: SetView;
  readonly pod: PodView;
}

const isBetween = ({ agent, ending }: PodView): boolean => agent?.before !== undefined && !ending;

/** A pod whose agent has been changed, and is not known to be well yet. */
function goOn({ set, pod }: Turn, view: DatabaseView, config: AgentConfig): readonly Action[] {
  const { image, before } = pod.agent!;
  if (!set.observed) return unobserved(set);
  if (isStopped(set) || !set.template) return [renew(pod, before!.image, 'it is to be what it was before', true)];
  if (image !== set.template.agentImage) return [renew(pod, set.template.agentImage, 'the spec has changed again')];
  const node = view.nodes.find(({ name }) => name === pod.name);
  const trouble = whyAgentUnsound(node, pod);
  if (!trouble) return [adopt(set, pod)];
  const { name, version, updateRevision: revision } = set;
  if (!isLate(pod, view, config))
    return wait(`new agents: ${pod.name} has its own, and is not sound yet: ${trouble.says}`);
  return [{ do: 'stop-rollout', set: name, version, revision, node: pod.name, ...trouble, check: 'agent', back: true }];
}

/** The next pod. One that is ill comes first: a new agent may be what it needs. */
function begin(sets: readonly SetView[], view: DatabaseView): readonly Action[] {
  const unseen = sets.find(({ observed }) => !observed);
  if (unseen) return unobserved(unseen);
  const turns = sets.flatMap((set) => outdatedPods(set).map((pod) => ({ set, pod })));
  const done = turns.find(({ set, pod }) => pod.agent?.image === set.template!.agentImage && !pod.ending);
  if (done) return [adopt(done.set, done.pod)];
  const ill = view.nodes.filter((node) => node.fenced === undefined && whyUnsound(node, podOf(node.name, view)));
  const mine = turns.find(({ pod }) => ill.some(({ name }) => name === pod.name));
  const other = ill.find(({ name }) => !turns.some(({ pod }) => pod.name === name));
  const { set, pod } = mine ?? turns.at(-1)!;
  if (other) return wait(`new agents: ${pod.name} is next, but ${other.name} is not sound`);
  if (pod.ending || !pod.agent) return wait(`new agents: ${pod.name} is being replaced`);
  return [renew(pod, set.template!.agentImage, 'its server goes on')];
}

const unobserved = ({ name }: SetView): readonly Action[] =>
  wait(`new agents: Kubernetes has not looked at ${name} since it was changed`);

const renew = ({ name, uid, agent }: PodView, image: string, why: string, over?: true): Action => ({
  do: 'renew-agent',
  node: name,
  uid,
  image,
  ...(over ? {} : { before: { image: agent!.before?.image ?? agent!.image, id: agent!.id } }),
  why,
});

const adopt = ({ updateRevision: revision }: SetView, { name: node, uid }: PodView): Action => ({
  do: 'adopt-revision',
  node,
  uid,
  revision,
});
