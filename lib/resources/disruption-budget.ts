import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { objectMeta, type Family } from './metadata';

/**
 * Lets one pod of a StatefulSet be evicted at a time. One budget each, never two over a pod: the eviction API refuses
 * every pod that two of them select.
 *
 * A pod that is not ready may always go. It serves nobody, its volume stays, and the agent still holds it until its
 * data is elsewhere; a drain that waits for it to become ready first would wait for ever when the node is what is broken.
 */
export function disruptionBudget(
  family: Family,
  name: string,
  selector: Record<string, string>,
): k8s.KubePodDisruptionBudgetProps {
  return {
    metadata: objectMeta(family, name, 'workload'),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selector },
    },
  };
}
