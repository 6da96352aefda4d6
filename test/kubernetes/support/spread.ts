import type { Orders } from './orders';
import type { ServerPod } from './pods';

/** Most handovers it takes to spread three primaries. */
const mostHandovers = 3;

/** Hands primaries over until every node of Kubernetes has one: a node that fails then takes no majority with it. */
export async function spreadPrimaries({ handOver, pods, whole }: Orders): Promise<void> {
  for (let count = 0; count < mostHandovers; count++) {
    const heir = findHeir(await pods());
    if (!heir) return;
    await handOver(heir);
    await whole(30_000);
  }
}

/** A replica on a node without a primary, whose primary is not alone on its node. */
function findHeir(pods: readonly ServerPod[]): ServerPod | undefined {
  const primaries = pods.filter(({ role }) => role === 'primary');
  const count = (node: string) => primaries.filter((pod) => pod.node === node).length;
  return pods.find((pod) => {
    const primary = primaries.find(({ shard }) => shard === pod.shard);
    return pod.role === 'replica' && count(pod.node) === 0 && primary !== undefined && count(primary.node) > 1;
  });
}
