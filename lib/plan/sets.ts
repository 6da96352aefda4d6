import { ofKind, type Database } from './database';
import { at, type Manifest } from './manifest';

/** A StatefulSet as a plan sees it. */
export interface NodeSet {
  readonly name: string;
  readonly replicas: number;
  readonly template: unknown;
  /** Runs the servers of a shard; others, Sentinels say, hold no data. */
  readonly servers: boolean;
  /** Whether volumes are deleted with the set, and with a pod that leaves it. */
  readonly deletes: { readonly whenDeleted: boolean; readonly whenScaled: boolean };
  readonly manifest: Manifest;
}

/** A StatefulSet that is on both sides. */
export interface NodeSetPair {
  readonly old: NodeSet;
  readonly new: NodeSet;
}

/** Every StatefulSet of a database, by name. */
export const nodeSets = (database: Database): ReadonlyMap<string, NodeSet> =>
  new Map(ofKind(database, 'StatefulSet').map((manifest) => [manifest.metadata.name, nodeSet(manifest, database)]));

const retention = 'persistentVolumeClaimRetentionPolicy';

function nodeSet(manifest: Manifest, { facts }: Database): NodeSet {
  const replicas = at(manifest, 'spec', 'replicas');
  const template = at(manifest, 'spec', 'template');
  return {
    name: manifest.metadata.name,
    replicas: typeof replicas === 'number' ? replicas : 1,
    template,
    deletes: {
      whenDeleted: at(manifest, 'spec', retention, 'whenDeleted') === 'Delete',
      whenScaled: at(manifest, 'spec', retention, 'whenScaled') === 'Delete',
    },
    servers: facts.shards.some(({ pods }) => pods.includes(`${manifest.metadata.name}-0`)),
    manifest,
  };
}

/** StatefulSets that are on both sides, in the order of the new manifests. */
export function keptSets(old: Database, now: Database): NodeSetPair[] {
  const before = nodeSets(old);
  return [...nodeSets(now)].flatMap(([name, set]) => {
    const other = before.get(name);
    return other ? [{ old: other, new: set }] : [];
  });
}

/** Pods that neither come nor go, in the order in which Kubernetes replaces them: from the highest ordinal down. */
export const keptPods = ({ old, new: now }: NodeSetPair): string[] =>
  Array.from({ length: Math.min(old.replicas, now.replicas) }, (_, ordinal) => `${now.name}-${ordinal}`).reverse();

/** Whether any StatefulSet of the database takes its volumes along. */
export const deletesVolumes = (database: Database, when: keyof NodeSet['deletes']): boolean =>
  [...nodeSets(database).values()].some(({ deletes }) => deletes[when]);
