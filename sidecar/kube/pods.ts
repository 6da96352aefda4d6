import { annotations } from '../../lib/contract/names';
import type { Platform } from '../edges';
import { renewal, revisionLabel } from './agent-objects';
import { hasStatus } from './api-error';
import type { KubeClient } from './client';

/** What is done to pods that were looked at, and not to those that have their names by then. */
export type Pods = Pick<Platform, 'renewAgent' | 'adoptRevision' | 'deletePod'>;

/** The pods of a database. */
export function createPods({ client, namespace }: { readonly client: KubeClient; readonly namespace: string }): Pods {
  const podPath = (pod: string) => `/api/v1/namespaces/${namespace}/pods/${pod}`;
  return {
    async renewAgent({ node, ...wanted }) {
      await client.patchLists(podPath(node), renewal(wanted));
    },
    async adoptRevision({ node, uid, revision }) {
      const labels = { [revisionLabel]: revision };
      await client.patch(podPath(node), {
        metadata: { uid, labels, annotations: { [annotations.agentBefore]: null } },
      });
    },
    async deletePod(node, uid) {
      await client.delete(podPath(node), { preconditions: { uid } }).catch((error: unknown) => {
        // What was looked at has gone already; the one that is there now is another.
        if (!hasStatus(error, 404) && !hasStatus(error, 409)) throw error;
      });
    },
  };
}
