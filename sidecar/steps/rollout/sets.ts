import type { PodView, SetView } from '../../view-sets';

/** Whether a pod is what it is to be in the end. */
export const isUpdated = ({ revision }: PodView, { updateRevision }: SetView): boolean => revision === updateRevision;

/** Pods that are still to be replaced, in the order of their ordinals. */
export const outdatedPods = (set: SetView): PodView[] => set.pods.filter((pod) => !isUpdated(pod, set));

/** Some of its pods are not what they are to be, or have not been counted since they are. */
export const isChanging = (set: SetView): boolean =>
  set.currentRevision !== set.updateRevision || outdatedPods(set).length > 0;

/** What is to be rolled out has failed, and nothing else has been asked for since. */
export const isStopped = (set: SetView): boolean => isChanging(set) && set.stopped?.revision === set.updateRevision;

/** All that is to change of its pods is the image of the agent, which takes no restart of a server. */
export function isOfAgentsAlone(set: SetView): boolean {
  const { rest, alike } = set.template ?? {};
  const outdated = outdatedPods(set);
  return (
    outdated.length > 0 &&
    alike?.rest === rest &&
    outdated.every(({ revision }) => alike?.revisions.includes(revision) === true)
  );
}
