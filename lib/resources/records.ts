import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { objectNames } from '../contract/names';
import { objectMeta, type Family } from './metadata';

/** The database's status document. Empty here, filled by patch: what the agents write is not in Git. */
export function statusRecord(family: Family): k8s.KubeConfigMapProps {
  return { metadata: objectMeta(family, objectNames(family.database).status, 'configuration') };
}
