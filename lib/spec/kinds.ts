import type * as z from 'zod';

import type { Topology } from '../contract/engines';
import { clusterSchema } from './schema/cluster-schema';
import { multiMasterSchema } from './schema/multi-master-schema';
import { replicationSchema } from './schema/replication-schema';
import { sentinelSchema } from './schema/sentinel-schema';
import { standaloneSchema } from './schema/standalone-schema';

/** What a document's `kind` may be, and the fields of its `spec`. */
export const schemas = {
  Standalone: standaloneSchema,
  Replication: replicationSchema,
  Sentinel: sentinelSchema,
  Cluster: clusterSchema,
  MultiMaster: multiMasterSchema,
} as const;

/** What a document's `kind` may be. */
export type Kind = keyof typeof schemas;

/** The fields of a kind with their defaults. */
export type FieldsOf<K extends Kind> = z.output<(typeof schemas)[K]>;

/** The topology of each kind. */
export const topologies = {
  Standalone: 'standalone',
  Replication: 'replication',
  Sentinel: 'sentinel',
  Cluster: 'cluster',
  MultiMaster: 'multi-master',
} as const satisfies Record<Kind, Topology>;

type Only<K extends Kind, Field extends keyof FieldsOf<K>> = Partial<Pick<FieldsOf<K>, Field>>;

/** Fields of any kind that are sound on their own; the others, and those of other kinds, are no keys of it. */
export type SoundFields = Partial<Omit<FieldsOf<'Standalone'>, 'upgrade' | 'services'>> &
  Only<'Replication', 'replicas' | 'primary' | 'replicaPriorities' | 'nodeTimeoutMs' | 'minReplicasToWrite'> &
  Only<'Sentinel', 'sentinels'> &
  Only<'Cluster', 'shards' | 'replicasPerShard' | 'primaries' | 'rebalancing' | 'upgrade'> & {
    readonly services?: FieldsOf<'Standalone' | 'Cluster'>['services'];
  } & Only<'MultiMaster', 'nodes' | 'preferredWriter' | 'peers'>;
