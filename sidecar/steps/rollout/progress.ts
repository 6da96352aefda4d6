import type { SetView } from '../../view-sets';
import type { DatabaseView } from '../../view';
import { isUpdated } from './sets';
import { whyNewUnsound } from './sound';

/** Why no other pod of the set may be replaced yet: one is away, or a new one is not sound. */
export function whyUnfinished(set: SetView, view: DatabaseView): string | undefined {
  for (let ordinal = set.replicas - 1; ordinal >= 0; ordinal--) {
    const node = `${set.name}-${ordinal}`;
    const pod = set.pods.find((one) => one.ordinal === ordinal);
    if (!pod || pod.ending) return `${node} is being replaced`;
    const seen = view.nodes.find((one) => one.name === node);
    const trouble = seen && isUpdated(pod, set) ? whyNewUnsound(seen, pod) : undefined;
    if (trouble) return `${node} is new, and not sound yet: ${trouble.says}`;
  }
  return undefined;
}
