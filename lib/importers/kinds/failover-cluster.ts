import type { Kind } from '../../spec/kinds';
import { problem, set, warning, type Effect } from '../effect';
import { knownVersion } from '../image';
import type { DatabaseImporter, Own, Settled } from '../importer';
import { metadataTable } from '../metadata';
import { moveOne } from '../moving';
import { resourcesTable } from '../pod-fields';
import { inTheClear, openToAll } from '../security';
import type { Source } from '../source';
import { becomes, checked, offUnless, whenOn, type Rule, type Table } from '../table';
import { bytes, flag, name, wholeNumber } from '../values';

/** A version of Redis: `"6.2"` is that of the official image, `"7.2.4"` one patch release of it. */
export const redisVersion: Rule = ({ value }): Effect[] => {
  const said = String(value).trim();
  if (!/^\d+(\.\d+){0,2}$/.test(said)) return [problem('must be a version in quotes, like "7.2"')];
  const { version, effects } = knownVersion('redis', said);
  const patch = version !== undefined && said.startsWith(`${version}.`);
  return [
    ...(version === undefined ? [] : [set('version', version)]),
    ...(patch ? [set('image', `redis:${said}`)] : []),
    ...effects,
  ];
};

/** Where data is kept: `persistence` of both operators that say no more than that. */
export const persistenceTable: Table = {
  'spec.persistence.enabled': offUnless('persistence'),
  'spec.persistence.size': whenOn('spec.persistence.enabled', becomes('persistence.size', bytes)),
  'spec.persistence.storageClassName': whenOn('spec.persistence.enabled', becomes('persistence.storageClass', name)),
};

const kindOf = (source: Source): Kind => ((source.number('spec.replicas') ?? 2) > 1 ? 'Replication' : 'Standalone');

const table: Table = {
  ...metadataTable(),
  'spec.replicas': (given) => {
    const count = wholeNumber.read(given.value);
    if (count === undefined || count < 1) return [problem('must be a whole number, 1 or more')];
    return kindOf(given.source) === 'Standalone' ? [] : [set('replicas', count - 1)];
  },
  'spec.version': redisVersion,
  ...persistenceTable,
  ...resourcesTable('spec.resources'),
  'spec.monitoring.enabled': checked(flag),
};

const defaults = {
  'spec.replicas': 2,
  'spec.version': '6.2',
  'spec.persistence.enabled': true,
  'spec.persistence.size': '10Gi',
  'spec.resources.requests.memory': '1Gi',
  'spec.monitoring.enabled': true,
} as const;

function settle({ source, name: database, namespace }: Own): Settled[] {
  const host = `${database}.${namespace}.svc`;
  const counted = warning('is the number of pods, the primary among them: the operator says both in its documents');
  return [
    { at: 'spec', effect: set('engine', 'redis') },
    ...(source.said.some(({ path }) => path.join('.') === 'spec.replicas')
      ? [{ at: 'spec.replicas', effect: counted }]
      : []),
    ...openToAll('spec'),
    ...inTheClear('spec'),
    ...(source.isOn('spec.monitoring.enabled') ? [{ at: 'spec', effect: set('monitoring.exporter', {}) }] : []),
    ...(source.isOn('spec.persistence.enabled')
      ? [
          {
            at: 'spec.persistence',
            effect: moveOne('of the old database', { host, secret: undefined, encrypted: false }),
          },
        ]
      : []),
  ];
}

/** `RedisCluster` of the Redis failover operator (redis.example.com/v1). */
export const failoverCluster: DatabaseImporter = {
  role: 'database',
  group: 'redis.example.com',
  kind: 'RedisCluster',
  version: 'v1',
  defaults,
  table,
  becomes: kindOf,
  settle,
};
