import type { k8s } from 'cdk8s-plus-28';

import type { EngineName } from '../contract/engines';
import { labels, managedBy, serverComponent } from '../contract/names';

/** What every object of a database carries. */
export interface Family {
  readonly database: string;
  readonly engine: EngineName;
  /** The user's own. */
  readonly labels: Readonly<Record<string, string>>;
  /** The user's own. */
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * When Argo CD applies an object; it deletes in the opposite order. Agents keep their permissions and their
 * configuration until the last pod has ended.
 */
export const waves = { access: -3, configuration: -2, service: -1, workload: 0 } as const;

const ownLabels = ({ database, engine }: Family) => ({
  [labels.name]: engine,
  [labels.instance]: database,
  [labels.managedBy]: managedBy,
});

/** Metadata of an object. */
export function objectMeta(family: Family, name: string, wave: keyof typeof waves): k8s.ObjectMeta {
  return {
    name,
    labels: { ...family.labels, ...ownLabels(family) },
    annotations: { ...family.annotations, 'argocd.argoproj.io/sync-wave': `${waves[wave]}` },
  };
}

/** Metadata of a server pod. */
export function podMeta(family: Family, shard: string, annotations: Readonly<Record<string, string>>): k8s.ObjectMeta {
  return {
    labels: { ...family.labels, ...ownLabels(family), ...shardSelector(family.database, shard) },
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

/** The server pods of one shard. */
export const shardSelector = (database: string, shard: string): Record<string, string> => ({
  ...serverSelector(database),
  [labels.shard]: shard,
});
