import type { k8s } from 'cdk8s-plus-28';

import { objectNames } from '../contract/names';
import { objectMeta, type Family } from './metadata';

/**
 * Held by the agent that acts for the whole database. Empty here, filled by patch: agents then need no permission to
 * create leases, and what they write is not in Git.
 */
export function lease(family: Family): k8s.KubeLeaseProps {
  return { metadata: objectMeta(family, objectNames(family.database).lease, 'configuration') };
}

/** The database's status document. Empty here, filled by patch, as {@link lease}. */
export function statusRecord(family: Family): k8s.KubeConfigMapProps {
  return { metadata: objectMeta(family, objectNames(family.database).status, 'configuration') };
}
