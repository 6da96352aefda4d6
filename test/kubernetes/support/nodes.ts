import { kubectl } from './command';
import { until } from './until';

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly effect: string }[] };
  }[];
}

/** Least number of nodes: one fails or is drained, and the two nodes of each shard still have a place each. */
const fewest = 3;

/**
 * Names of the Kubernetes nodes that pods can be scheduled to, in order.
 *
 * @throws Error where they are too few for these tests
 */
export async function workers(): Promise<readonly string[]> {
  const { items } = JSON.parse(await kubectl(['get', 'nodes', '--output=json'])) as NodeList;
  const usable = items.filter(
    ({ spec }) => !spec.unschedulable && !spec.taints?.some(({ effect }) => effect !== 'PreferNoSchedule'),
  );
  const names = usable.map(({ metadata }) => metadata.name).sort();
  if (names.length >= fewest) return names;
  throw new Error(
    `the cluster has ${names.length} nodes that take pods; these tests need ${fewest}: one of them fails`,
  );
}

/** Whether Kubernetes holds the node for ready. */
export async function isReady(node: string): Promise<boolean> {
  const path = "{.status.conditions[?(@.type=='Ready')].status}";
  return (await kubectl(['get', 'node', node, `--output=jsonpath=${path}`])) === 'True';
}

/**
 * Waits until Kubernetes has heard of every node again since now, and holds it for ready.
 *
 * A kubelet renews its lease every 10 s. After the API server was away it takes up to a minute and a half to find it
 * again, and meanwhile Kubernetes, which cannot know better, calls its pods not ready.
 *
 * @returns milliseconds it took
 */
export async function untilHeard(nodes: readonly string[], boundMs: number): Promise<number> {
  const before = await Promise.all(nodes.map(lastHeard));
  return until('Kubernetes hears of every node', boundMs, async () => {
    for (const [index, node] of nodes.entries()) {
      if ((await lastHeard(node)) === before[index]) return `${node} is silent`;
      if (!(await isReady(node))) return `${node} is not ready`;
    }
    return undefined;
  });
}

const lastHeard = (node: string): Promise<string> =>
  kubectl(['get', 'lease', node, '--namespace=kube-node-lease', '--output=jsonpath={.spec.renewTime}']);
