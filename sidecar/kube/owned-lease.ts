import * as z from 'zod';

import { objectNames } from '../../lib/contract/names';
import { hasStatus } from './api-error';
import type { KubeClient } from './client';
import { newLease } from './lease';

/** Whose lease, and through what. */
export interface LeaseStoreOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly database: string;
}

/** A Lease of a database: where it is, and how it is read. */
export interface OwnedLease {
  readonly path: string;
  /** Makes it where it is missing. */
  readonly read: () => Promise<unknown>;
}

/**
 * A Lease is not from Git, because Argo CD leaves every one out (argo-cd `util/settings/resources_filter.go`): the agent that is
 * first makes it, and it goes with the status ConfigMap.
 *
 * @param name the object's
 */
export function ownedLease({ client, namespace, database }: LeaseStoreOptions, name: string): OwnedLease {
  const { status: owner } = objectNames(database);
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${leases}/${name}`;

  async function create(): Promise<unknown> {
    const status = await client.get(`/api/v1/namespaces/${namespace}/configmaps/${owner}`);
    const { uid, labels } = ownerSchema.parse(status).metadata;
    const lease = newLease({ name, namespace, labels, owner: { name: owner, uid } });
    return client.create(leases, lease).catch(where(409, () => client.get(path)));
  }

  return { path, read: () => client.get(path).catch(where(404, create)) };
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
