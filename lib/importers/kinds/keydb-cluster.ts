import type { Kind } from '../../spec/kinds';
import { mostMeshNodes } from '../../spec/schema/multi-master-schema';
import { directive } from '../directives';
import { notImported, problem, set, warning, type Effect } from '../effect';
import { engineOfImage, imageEffects } from '../image';
import type { DatabaseImporter, Own, Settled } from '../importer';
import { metadataTable } from '../metadata';
import { moveCluster, moveMesh, moveOne, renamedService } from '../moving';
import { resourcesTable, spreadOver, unsatisfiable } from '../pod-fields';
import { inTheClear, openToAll, secretWarnings, tlsWarnings } from '../security';
import type { Source } from '../source';
import { becomes, checked, leftOut, leftOutUnless, offUnless, settled, whenOn, type Rule, type Table } from '../table';
import { bytes, flag, map, memory, name, text, wholeNumber, word, type Reader } from '../values';

const usual = { engine: 'keydb', version: '6.3' } as const;

const isSharded = (source: Source): boolean => source.text('spec.mode')?.trim().toLowerCase() === 'cluster';

const kindOf = (source: Source): Kind => {
  if (isSharded(source)) return 'Cluster';
  return source.number('spec.replicas') === 1 ? 'Standalone' : 'MultiMaster';
};

/** A field of one mode, which the operator does not read in the other. */
const inMode =
  (sharded: boolean, rule: Rule): Rule =>
  (given) =>
    isSharded(given.source) === sharded
      ? rule(given)
      : [notImported(`the operator does not read it in mode ${sharded ? 'multi-master' : 'cluster'} either`)];

const probe = (field: string): Table =>
  Object.fromEntries(
    [
      'enabled',
      'exec[]',
      'initialDelaySeconds',
      'periodSeconds',
      'timeoutSeconds',
      'successThreshold',
      'failureThreshold',
    ].map((part) => [
      `spec.${field}.${part}`,
      leftOut('probes are made by this library: they ask the agent, who knows the role of the node'),
    ]),
  );

const budget = leftOut('a disruption budget is always made, and one node of a shard may go at a time');

const table: Table = {
  ...metadataTable(),
  'spec.mode': ({ value }) =>
    ['multi-master', 'cluster'].includes(String(value).trim().toLowerCase())
      ? []
      : [problem('must be "multi-master" or "cluster"')],
  'spec.replicas': inMode(false, (given) =>
    kindOf(given.source) === 'Standalone'
      ? [warning('one node copies to no other: becomes kind Standalone')]
      : becomes('nodes', wholeNumber)(given),
  ),
  'spec.image': ({ value }) => imageEffects(String(value), usual, true),
  'spec.multiMaster.activeReplica': inMode(
    false,
    leftOutUnless(true, 'every node takes writes. For a primary with replicas use kind Replication with engine keydb'),
  ),
  'spec.cluster.shards': inMode(true, becomes('shards', wholeNumber)),
  'spec.cluster.replicasPerShard': inMode(true, becomes('replicasPerShard', wholeNumber)),
  'spec.config.maxMemory': becomes('maxMemory', memory),
  'spec.config.persistence': offUnless('persistence'),
  'spec.config.requirePass.value': settled,
  'spec.config.requirePass.secretRef.name': becomes('auth.secret.name', name),
  'spec.config.requirePass.secretRef.key': becomes('auth.secret.key', name),
  'spec.config.tls.enabled': checked(flag),
  'spec.config.tls.secretName': whenOn('spec.config.tls.enabled', becomes('tls.secret.name', name)),
  'spec.config.tls.requireClientCerts': whenOn(
    'spec.config.tls.enabled',
    becomes(
      'tls.clientCertificates',
      map(flag, (on) => (on ? 'required' : 'off')),
    ),
  ),
  'spec.config.customConfig.*': directive(({ source }) => engineOfImage(source.text('spec.image'), usual, true)),
  ...resourcesTable('spec.resources'),
  'spec.storage.size': becomes('persistence.size', bytes),
  'spec.storage.storageClass': becomes('persistence.storageClass', name),
  'spec.service.type': becomes('services.client.type', word('ClusterIP', 'NodePort', 'LoadBalancer')),
  'spec.service.port': becomes('services.port', wholeNumber),
  'spec.service.annotations.*': becomes('services.client.annotations.*', text),
  'spec.monitoring.enabled': checked(flag),
  'spec.monitoring.port': whenOn('spec.monitoring.enabled', becomes('monitoring.exporter.port', wholeNumber)),
  'spec.monitoring.serviceMonitorLabels.*': whenOn(
    'spec.monitoring.enabled',
    becomes('monitoring.scrape.labels.*', text),
  ),
  'spec.upgrade.strategy': becomes('upgrade.strategy', word('RollingUpdate', 'Recreate')),
  'spec.upgrade.maxUnavailable': becomes(
    'upgrade.maxUnavailable',
    map(wholeNumber, (count) => Math.max(1, count)),
  ),
  'spec.upgrade.validationTimeoutSeconds': becomes('upgrade.validationTimeoutSeconds', wholeNumber),
  'spec.podDisruptionBudget.minAvailable': budget,
  'spec.podDisruptionBudget.maxUnavailable': budget,
  'spec.topologySpreadConstraints.enabled': checked(flag),
  'spec.topologySpreadConstraints.maxSkew': spread(wholeNumber),
  'spec.topologySpreadConstraints.topologyKey': spread(name),
  'spec.topologySpreadConstraints.whenUnsatisfiable': spread(unsatisfiable),
  ...probe('livenessProbe'),
  ...probe('readinessProbe'),
};

/** A part of the one constraint, which is mapped as a whole. */
function spread(reader: Reader): Rule {
  return whenOn('spec.topologySpreadConstraints.enabled', checked(reader));
}

const defaults = {
  'spec.replicas': 3,
  'spec.image': 'eqalpha/keydb:latest',
  'spec.multiMaster?.activeReplica': true,
  'spec.cluster.shards': 3,
  'spec.cluster.replicasPerShard': 1,
  'spec.config.persistence': true,
  'spec.config.requirePass.secretRef?.key': 'password',
  'spec.config.tls?.requireClientCerts': false,
  'spec.storage.size': '10Gi',
  'spec.monitoring?.enabled': true,
  'spec.topologySpreadConstraints?.maxSkew': 1,
  'spec.topologySpreadConstraints?.topologyKey': 'topology.kubernetes.io/zone',
  'spec.topologySpreadConstraints?.whenUnsatisfiable': 'DoNotSchedule',
} as const;

function authOf({ source, name: database, beside }: Own): Settled[] {
  const at = 'spec.config.requirePass';
  const secret = source.text(`${at}.secretRef.name`);
  const inClear = source.at(`${at}.value`) !== undefined;
  if (secret !== undefined) {
    return [
      {
        at: `${at}.secretRef`,
        effect: warning('the operator never set this password, so clients may do without; from now on they need it'),
      },
      ...secretWarnings(beside, `${at}.secretRef`, secret, [source.text(`${at}.secretRef.key`) ?? 'password']),
      ...(inClear ? [{ at: `${at}.value`, effect: notImported('the Secret beside it is taken') }] : []),
    ];
  }
  if (!inClear) return openToAll('spec.config');
  const made = `${database}-auth`;
  const effect = notImported(
    `a password in clear belongs in no file: create Secret "${made}" with it, under "password"`,
  );
  return [
    { at: `${at}.value`, effect: set('auth.secret', { name: made, key: 'password' }) },
    { at: `${at}.value`, effect },
  ];
}

function tlsOf(own: Own): Settled[] {
  const { source } = own;
  const at = 'spec.config.tls';
  if (!source.isOn(`${at}.enabled`)) return inTheClear('spec.config');
  const secret = source.text(`${at}.secretName`);
  if (secret === undefined) return [{ at, effect: problem('must name a Secret in "secretName"') }];
  const port = warning('clients use one port, 6379 unless service.port says otherwise; the operator had 6380 for this');
  return [{ at, effect: port }, ...tlsWarnings(own, at, secret, kindOf(source))];
}

function monitoringOf(source: Source): Settled[] {
  if (!source.isOn('spec.monitoring.enabled')) return [];
  const at = 'spec.monitoring.enabled';
  return [
    { at, effect: set('monitoring.exporter', {}) },
    ...(source.has('spec.monitoring.serviceMonitorLabels')
      ? [{ at, effect: set('monitoring.scrape.kind', 'ServiceMonitor') }]
      : []),
  ];
}

function spreadOf(source: Source): Settled[] {
  const at = 'spec.topologySpreadConstraints';
  const strictness = unsatisfiable.read(source.text(`${at}.whenUnsatisfiable`) ?? '');
  const [key, maxSkew] = [source.text(`${at}.topologyKey`), source.number(`${at}.maxSkew`)];
  if (!source.isOn(`${at}.enabled`) || key === undefined || maxSkew === undefined || !strictness) return [];
  return [{ at, effect: spreadOver(key, maxSkew, strictness) }];
}

function movesOf({ source, name: database, namespace }: Own): Effect {
  const volumes = `data-${database}-keydb-<i>`;
  const encrypted = source.isOn('spec.config.tls.enabled');
  const count = source.number('spec.replicas') ?? 3;
  const node = (index: number) => ({
    host: `${database}-keydb-${index}.${database}-keydb-headless.${namespace}.svc`,
    ...(encrypted ? { port: 6380 } : {}),
  });
  if (isSharded(source)) return moveCluster(volumes);
  if (count > 1) {
    const length = Math.min(count, mostMeshNodes);
    return moveMesh(
      volumes,
      Array.from({ length }, (_, index) => node(index)),
    );
  }
  // The operator never set the password of a Secret.
  return moveOne(volumes, { ...node(0), secret: undefined, encrypted });
}

function settle(own: Own): Settled[] {
  const { source, name: database } = own;
  const kind = kindOf(source);
  const kept = source.isOn('spec.config.persistence');
  const eviction = warning(
    'the operator evicted the least used keys of a full server (allkeys-lru), and so does the spec; "noeviction" loses none',
  );
  const hasPolicy = source.at('spec.config.customConfig.maxmemory-policy') !== undefined;
  return [
    ...(source.at('spec.mode') === undefined
      ? [{ at: 'spec', effect: problem('must have a mode, "multi-master" or "cluster"') }]
      : []),
    ...authOf(own),
    ...tlsOf(own),
    ...monitoringOf(source),
    ...spreadOf(source),
    ...(source.at('spec.config.maxMemory') === undefined || hasPolicy
      ? []
      : [
          { at: 'spec.config.maxMemory', effect: set('maxMemoryPolicy', 'allkeys-lru') },
          { at: 'spec.config.maxMemory', effect: eviction },
        ]),
    {
      at: 'metadata.name',
      effect: renamedService(`${database}-keydb`, kind === 'Standalone' ? `${database}-leader` : database),
    },
    ...(kept ? [{ at: 'spec.storage', effect: movesOf(own) }] : []),
  ];
}

/** `KeyDBCluster` of the KeyDB operator (keydb.io/v1alpha1). */
export const keydbCluster: DatabaseImporter = {
  role: 'database',
  group: 'keydb.io',
  kind: 'KeyDBCluster',
  version: 'v1alpha1',
  defaults,
  table,
  becomes: kindOf,
  settle,
};
