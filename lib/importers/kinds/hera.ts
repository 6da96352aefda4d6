import { set } from '../effect';
import type { DatabaseImporter, Own, Settled } from '../importer';
import { metadataTable } from '../metadata';
import { moveCluster, moveOne } from '../moving';
import { resourcesTable } from '../pod-fields';
import { inTheClear, openToAll } from '../security';
import { becomes, type Table } from '../table';
import { wholeNumber } from '../values';
import { persistenceTable, redisVersion } from './failover-cluster';

const common: Table = {
  ...metadataTable(),
  'spec.version': redisVersion,
  ...resourcesTable('spec.resources'),
  ...persistenceTable,
};

const defaults = { 'spec.version': '7.2', 'spec.persistence.enabled': true, 'spec.persistence.size': '1Gi' } as const;

const settled = (moves: (own: Own) => Settled['effect']) => (own: Own) => [
  { at: 'spec', effect: set('engine', 'redis') },
  ...openToAll('spec'),
  ...inTheClear('spec'),
  ...(own.source.isOn('spec.persistence.enabled') ? [{ at: 'spec.persistence', effect: moves(own) }] : []),
];

const operator = { role: 'database', group: 'cache.hera.io', version: 'v1alpha1' } as const;

/** `RedisInstance` of the Redis operator of cache.hera.io/v1alpha1: one server. */
export const heraInstance: DatabaseImporter = {
  ...operator,
  kind: 'RedisInstance',
  defaults,
  table: common,
  becomes: () => 'Standalone',
  settle: settled(({ name, namespace }) =>
    moveOne('of the old server', { host: `${name}.${namespace}.svc`, secret: undefined, encrypted: false }),
  ),
};

/** `RedisCluster` of the Redis operator of cache.hera.io/v1alpha1: a cluster of hash slots. */
export const heraCluster: DatabaseImporter = {
  ...operator,
  kind: 'RedisCluster',
  defaults: { ...defaults, 'spec.masters': 3, 'spec.replicasPerMaster': 1 },
  table: {
    ...common,
    'spec.masters': becomes('shards', wholeNumber),
    'spec.replicasPerMaster': becomes('replicasPerShard', wholeNumber),
  },
  becomes: () => 'Cluster',
  settle: settled(() => moveCluster('of the old cluster')),
};
