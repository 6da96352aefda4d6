import * as z from 'zod';

import { keys, labels, objectNames } from '../../lib/contract/names';
import type { Action } from '../action';
import type { Log, Platform } from '../edges';
import { hasStatus } from './api-error';
import type { KubeClient } from './client';
import { renderEvent } from './event';
import { createLeaseStore } from './lease-store';

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
    async labelRole(pod, role) {
      await client.patch(podPath(pod), { metadata: { labels: { [labels.role]: role } } });
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

const uidSchema = z.object({ metadata: z.object({ uid: z.string() }) });
