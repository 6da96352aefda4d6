import * as z from 'zod';

import { objectNames } from '../../lib/contract/names';
import type { Platform } from '../edges';
import { hasStatus } from './api-error';
import type { KubeClient } from './client';
import { newLease, parseLease, renderLease, type Lease } from './lease';

/** Whose lease, and through what. */
export interface LeaseStoreOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly database: string;
}

/**
 * The database's Lease, changed by compare-and-swap. It is not from Git, because Argo CD leaves every Lease out
 * (argo-cd `util/settings/resources_filter.go`): the agent that is first makes it.
 */
export function createLeaseStore(options: LeaseStoreOptions): Pick<Platform, 'readLease' | 'takeLease'> {
  const { client, namespace, database } = options;
  const names = objectNames(database);
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${leases}/${names.lease}`;
  let known: Lease | undefined;

  async function create(): Promise<unknown> {
    const status = await client.get(`/api/v1/namespaces/${namespace}/configmaps/${names.status}`);
    const { uid, labels } = ownerSchema.parse(status).metadata;
    const lease = newLease({ name: names.lease, namespace, labels, owner: { name: names.status, uid } });
    return client.create(leases, lease).catch(where(409, () => client.get(path)));
  }

  async function readLease(): Promise<Lease> {
    return (known = parseLease(await client.get(path).catch(where(404, create))));
  }

  return {
    readLease,
    async takeLease(holder, durationMs, version) {
      const lease = known?.version === version ? known : await readLease();
      if (lease.version !== version) return false;
      try {
        known = parseLease(await client.patch(path, renderLease(lease, holder, durationMs, new Date())));
        return true;
      } catch (error) {
        if (hasStatus(error, 409)) return false;
        throw error;
      }
    },
  };
}

const ownerSchema = z.object({
  metadata: z.object({ uid: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
});

/** Another way where the API answered with that status; every other error stays one. */
const where =
  (status: number, otherwise: () => Promise<unknown>) =>
  (error: unknown): Promise<unknown> => {
    if (hasStatus(error, status)) return otherwise();
    throw error;
  };
