import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type { EngineName } from '../contract/engines';
import { labels, managedBy, sentinelComponent, serverComponent } from '../contract/names';
import { orderAnnotations, preSyncAnnotations, type GitOps, type HookWave, type Wave } from './git-ops';

/** What every object of a database carries. */
export interface Family {
  readonly database: string;
  readonly engine: EngineName;
  /** What applies the manifests. */
  readonly gitOps: GitOps;
  /** The user's own. */
  readonly labels: Readonly<Record<string, string>>;
  /** The user's own. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Labels of an object: the user's, and ours over them. */
export const objectLabels = (family: Family): Record<string, string> => ({ ...family.labels, ...ownLabels(family) });

const ownLabels = ({ database, engine }: Family) => ({
  [labels.name]: engine,
  [labels.instance]: database,
  [labels.managedBy]: managedBy,
});

/** Metadata of an object. Fields in the form of both Kubernetes' own objects and those of others. */
export function objectMeta(family: Family, name: string, wave: Wave) {
  return {
    name,
    labels: objectLabels(family),
    annotations: { ...family.annotations, ...orderAnnotations(family.gitOps, wave) },
  };
}

/** Metadata of an object that is there for a sync of Argo CD only, before the others. */
export const preSyncMeta = (family: Family, name: string, wave: HookWave) => ({
  name,
  labels: objectLabels(family),
  annotations: { ...family.annotations, ...preSyncAnnotations(wave) },
});

/** Metadata of a pod that a selector picks. */
export function podMeta(
  family: Family,
  selector: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): k8s.ObjectMeta {
  return {
    labels: { ...objectLabels(family), ...selector },
    annotations: { ...family.annotations, ...annotations },
  };
}

/**
 * The server pods of a database. Selectors can never be changed, so nothing that a user may change is in one: neither
 * the engine nor labels of their own.
 */
export const serverSelector = (database: string): Record<string, string> => ({
  [labels.instance]: database,
  [labels.component]: serverComponent,
});

/** The Sentinels of a database. */
export const sentinelSelector = (database: string): Record<string, string> => ({
  [labels.instance]: database,
  [labels.component]: sentinelComponent,
});

/** The server pods of one shard. */
export const shardSelector = (database: string, shard: string): Record<string, string> => ({
  ...serverSelector(database),
  [labels.shard]: shard,
});
