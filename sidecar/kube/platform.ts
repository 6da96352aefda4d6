import * as z from 'zod';

import { annotations, keys, labels, objectNames } from '../../lib/contract/names';
import type { Action } from '../action';
import type { Log, Platform } from '../edges';
import { hasStatus } from './api-error';
import { createClaims } from './claims';
import { createConfiguration } from './configuration';
import type { KubeClient } from './client';
import { renderEvent } from './event';
import { find } from './find';
import { createLeaseStore } from './lease-store';
import { createOutsideServices } from './outside';
import { createSets } from './sets';
import { createPrimaryStore } from './primary-store';

/** Whose objects, and who acts. */
export interface PlatformOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly namespace: string;
  readonly database: string;
  /** Pod of this agent: events that are about no node in particular are about this one. */
  readonly node: string;
}

/** The Kubernetes API as the database's memory: a Lease, pod labels, a ConfigMap, Events. Lease and Events are created, everything else exists already. */
export function createKubePlatform({ client, log, namespace, database, node }: PlatformOptions): Platform {
  const names = objectNames(database);
  const core = `/api/v1/namespaces/${namespace}`;
  const statusPath = `${core}/configmaps/${names.status}`;
  const podPath = (pod: string) => `${core}/pods/${pod}`;

  async function announce(action: Action, sentence: string): Promise<void> {
    const pod = 'node' in action ? action.node : node;
    const podUid = uidSchema.safeParse(await client.get(podPath(pod)).catch(() => undefined)).data?.metadata.uid;
    const parties = { namespace, pod, podUid, reporter: node };
    await client.create(`${core}/events`, renderEvent(action, sentence, parties, new Date()));
  }

  return {
    ...createLeaseStore({ client, namespace, database }),
    ...createSets({ client, namespace, database }),
    ...createClaims({ client, namespace }),
    ...createConfiguration({ client, namespace, database }),
    ...createOutsideServices({ client, namespace, database }),
    ...createPrimaryStore({ client, namespace, database }),
    async labelRole(pod, role) {
      const change = { metadata: { labels: { [labels.role]: role } } };
      await client.patch(podPath(pod), change).catch((error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
      });
    },
    async readRole(pod) {
      return roleSchema.safeParse(await find(client, podPath(pod))).data?.metadata.labels[labels.role];
    },
    async readFence(pod) {
      return fenceSchema.safeParse(await find(client, podPath(pod))).success;
    },
    async writeFence(pod, fenced) {
      await client.patch(podPath(pod), { metadata: { annotations: { [annotations.fenced]: fenced ? 'true' : null } } });
    },
    async publishStatus(document) {
      await client.patch(statusPath, { data: { [keys.status]: document } });
    },
    disowned: () => Promise.resolve(client.unknown()),
    async announce(action, sentence) {
      await announce(action, sentence).catch((error: unknown) => {
        // The same was told a moment ago, by this agent or another.
        if (hasStatus(error, 409)) return;
        log.debug({ error }, `cannot announce: ${sentence}`);
      });
    },
  };
}

/** Others than the agents may set labels too, and a value that is none of theirs counts as none. */
const roleSchema = z.object({
  metadata: z.object({ labels: z.object({ [labels.role]: z.enum(['primary', 'replica']) }) }),
});

const fenceSchema = z.object({
  metadata: z.object({ annotations: z.object({ [annotations.fenced]: z.literal('true') }) }),
});

const uidSchema = z.object({ metadata: z.object({ uid: z.string() }) });
