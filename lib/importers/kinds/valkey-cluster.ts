import { problem, set, warning, type Effect } from '../effect';
import { imageEffects } from '../image';
import type { DatabaseImporter, Own, Settled } from '../importer';
import { mapEntry, metadataTable } from '../metadata';
import { moveCluster, renamedService } from '../moving';
import {
  exporterImage,
  exporterVariable,
  hostKey,
  placementTable,
  resourcesTable,
  spreadOver,
  yesNo,
} from '../pod-fields';
import { secretWarnings } from '../security';
import { parseSave, snapshotRule } from '../snapshots';
import type { Source } from '../source';
import { becomes, checked, leftOutUnless, offUnless, settled, whenOn, type Rule, type Table } from '../table';
import { bytes, cores, flag, map, name, text, wholeNumber, word } from '../values';

/** What the operator runs where a document does not say. */
export const usualValkey = { engine: 'valkey', version: '9.1' } as const;

const zoneKey = 'topology.kubernetes.io/zone';

const whenStored = (rule: Rule): Rule => whenOn('spec.persistence.enabled', rule);
const whenExported = (rule: Rule): Rule => whenOn('spec.metricsExporter.enabled', rule);
const whenRead = (rule: Rule): Rule => whenOn('spec.readService.enabled', rule);
const whenAcl = (rule: Rule): Rule => whenOn('spec.auth.acl.enabled', rule);

const table: Table = {
  ...metadataTable(),
  'spec.masters': becomes('shards', wholeNumber),
  'spec.replicasPerMaster': becomes('replicasPerShard', wholeNumber),
  'spec.image.repository': settled,
  'spec.image.tag': settled,
  'spec.image.pullPolicy': becomes('imagePullPolicy', word('IfNotPresent', 'Always', 'Never')),
  'spec.image.pullSecrets[]': becomes('imagePullSecrets[]', name),
  'spec.image.allowDowngrade': leftOutUnless(
    false,
    'a version is what Git says, and a roll-out to one that cannot load the data stops at the first node',
  ),
  'spec.tls.issuerRef.name': becomes('tls.issuer.name', name),
  'spec.tls.issuerRef.kind': becomes('tls.issuer.kind', name),
  'spec.tls.issuerRef.group': becomes('tls.issuer.group', name),
  'spec.tls.duration': becomes('tls.duration', name),
  'spec.tls.renewBefore': becomes('tls.renewBefore', name),
  'spec.auth.secretRef.name': becomes('auth.secret.name', name),
  'spec.auth.secretRef.key': becomes('auth.secret.key', name),
  'spec.auth.acl.enabled': checked(flag),
  'spec.auth.acl.configSecretRef.name': whenAcl(becomes('auth.usersFile.name', name)),
  'spec.auth.acl.configSecretRef.key': whenAcl(becomes('auth.usersFile.key', name)),
  'spec.auth.acl.adminUser': leftOutUnless(
    'default',
    'the agent has a user of its own, with what it needs and no more',
  ),
  'spec.persistence.enabled': offUnless('persistence'),
  'spec.persistence.storageClassName': whenStored(becomes('persistence.storageClass', name)),
  'spec.persistence.size': whenStored(becomes('persistence.size', bytes)),
  'spec.persistence.aof.enabled': whenStored(offUnless('persistence.appendOnly')),
  'spec.persistence.aof.fsync': whenStored(
    whenOn('spec.persistence.aof.enabled', becomes('persistence.appendOnly.fsync', word('always', 'everysec', 'no'))),
  ),
  'spec.persistence.rdb.enabled': checked(flag),
  'spec.persistence.rdb.saveRules[]': whenStored(whenOn('spec.persistence.rdb.enabled', snapshotRule)),
  ...resourcesTable('spec.resources'),
  'spec.scheduling.spreadMasters': checked(flag),
  'spec.scheduling.topologyKey': settled,
  ...placementTable('spec.scheduling'),
  'spec.labels.*': mapEntry('labels'),
  'spec.annotations.*': mapEntry('annotations'),
  'spec.readService.enabled': checked(flag),
  'spec.readService.serviceType': whenRead(
    becomes('services.replica.type', word('ClusterIP', 'NodePort', 'LoadBalancer')),
  ),
  'spec.readService.annotations.*': whenRead(becomes('services.replica.annotations.*', text)),
  'spec.metricsExporter.enabled': checked(flag),
  'spec.metricsExporter.image': whenExported(exporterImage),
  'spec.metricsExporter.port': whenExported(becomes('monitoring.exporter.port', wholeNumber)),
  'spec.metricsExporter.resources.cpuRequest': whenExported(
    becomes('monitoring.exporter.resources.requests.cpu', cores),
  ),
  'spec.metricsExporter.resources.memoryRequest': whenExported(
    becomes('monitoring.exporter.resources.requests.memory', bytes),
  ),
  'spec.metricsExporter.resources.cpuLimit': whenExported(becomes('monitoring.exporter.resources.limits.cpu', cores)),
  'spec.metricsExporter.resources.memoryLimit': whenExported(
    becomes('monitoring.exporter.resources.limits.memory', bytes),
  ),
  'spec.metricsExporter.extraEnv.*': whenExported(exporterVariable),
  'spec.replication.disklessSync': becomes('directives.repl-diskless-sync', map(flag, yesNo)),
  'spec.replication.disklessSyncDelay': becomes('directives.repl-diskless-sync-delay', map(wholeNumber, String)),
  'spec.replication.minReplicasToWrite': becomes('minReplicasToWrite', wholeNumber),
  'spec.replication.minReplicasMaxLag': becomes('minReplicasMaxLagSeconds', wholeNumber),
};

const defaults = {
  'spec.masters': 3,
  'spec.replicasPerMaster': 1,
  'spec.image.repository': 'valkey/valkey',
  'spec.image.tag': '9.1.0-alpine',
  'spec.tls.issuerRef?.kind': 'ClusterIssuer',
  'spec.tls.duration': '2160h',
  'spec.tls.renewBefore': '360h',
  'spec.auth.secretRef?.key': 'password',
  'spec.auth.acl.configSecretRef?.key': 'acl.conf',
  'spec.persistence.enabled': true,
  'spec.persistence.size': '10Gi',
  'spec.persistence.aof?.enabled': true,
  'spec.persistence.rdb?.enabled': true,
  'spec.resources.requests.cpu': '100m',
  'spec.resources.requests.memory': '256Mi',
  'spec.resources.limits.memory': '1Gi',
  'spec.scheduling.spreadMasters': true,
  'spec.scheduling.topologyKey': hostKey,
} as const;

function securityOf({ source, beside }: Own): Settled[] {
  const missing = (at: string, what: string): Settled[] =>
    source.text(`${at}.name`) === undefined ? [{ at, effect: problem(`missing, must be ${what}`) }] : [];
  const issuer = source.text('spec.tls.issuerRef.name') ?? '';
  const key = source.text('spec.auth.secretRef.key') ?? 'password';
  return [
    ...missing('spec.tls.issuerRef', 'an issuer of cert-manager'),
    ...missing('spec.auth.secretRef', 'the Secret with the password'),
    { at: 'spec.tls', effect: set('tls.clientCertificates', 'optional') },
    ...(/letsencrypt|acme|zerossl/i.test(issuer)
      ? [{ at: 'spec.tls.issuerRef.name', effect: warning(publicIssuer) }]
      : []),
    ...secretWarnings(beside, 'spec.auth.secretRef', source.text('spec.auth.secretRef.name'), [key]),
    ...aclOf(source),
  ];
}

const publicIssuer =
  'an issuer of public certificates cannot sign names within a Kubernetes cluster; name one of your own authority';

function aclOf(source: Source): Settled[] {
  const at = 'spec.auth.acl';
  if (!source.isOn(`${at}.enabled`)) return [];
  if (source.text(`${at}.configSecretRef.name`) === undefined) {
    return [{ at, effect: problem('must name a Secret in "configSecretRef"') }];
  }
  const effect = warning(
    'users of the file are taken over; the user "default" has the password of auth.secret, whatever its line says',
  );
  return [{ at, effect }];
}

/** The operator's own rules, where a document asks for snapshots and has none. */
const usualSnapshots = parseSave('900 1 300 10 60 10000');

function snapshotsOf(source: Source): Settled[] {
  const at = 'spec.persistence';
  if (!source.isOn(`${at}.enabled`)) return [];
  const honoured = warning(
    'the operator did not read it, and always had both an append-only file and snapshots; now it counts',
  );
  const noRules = source.isOn(`${at}.rdb.enabled`) && source.at(`${at}.rdb.saveRules.0`) === undefined;
  return [
    ...['aof', 'rdb']
      .filter((part) => source.has(`${at}.${part}`))
      .map((part) => ({ at: `${at}.${part}`, effect: honoured })),
    ...(noRules ? [{ at: `${at}.rdb`, effect: set('persistence.snapshots', usualSnapshots) }] : []),
  ];
}

function spreadOf(source: Source): Settled[] {
  const at = 'spec.scheduling';
  const key = source.text(`${at}.topologyKey`) ?? hostKey;
  if (!source.isOn(`${at}.spreadMasters`)) {
    return [{ at: `${at}.spreadMasters`, effect: spreadOver(hostKey, 1, 'ScheduleAnyway') }];
  }
  // What the library does anyway.
  if (key === hostKey || key === zoneKey) return [];
  return [{ at: `${at}.topologyKey`, effect: spreadOver(key, 1, 'ScheduleAnyway') }];
}

function leastReplicas(source: Source): Settled[] {
  const at = 'spec.replication.minReplicasToWrite';
  const replicas = source.number('spec.replicasPerMaster') ?? 1;
  const least = source.number(at) ?? 0;
  if (least > replicas) {
    const effect = warning(`is ${replicas} from now on: there are no more replicas, and no write would be taken`);
    return [
      { at, effect: set('minReplicasToWrite', replicas) },
      { at, effect },
    ];
  }
  if (replicas === 0) return [];
  if (least === 0) {
    const effect = warning(
      'is 0 from now on; the operator took 1 for 0, and so lost all writes of a shard with its last replica',
    );
    return [{ at, effect }];
  }
  if (least < replicas) return [];
  return [{ at, effect: warning('with as many as there are replicas, the loss of one stops all writes of its shard') }];
}

function settle(own: Own): Settled[] {
  const { source, name: database } = own;
  const [repository, tag] = [source.text('spec.image.repository'), source.text('spec.image.tag')];
  const at = (path: string, effects: readonly Effect[]): Settled[] => effects.map((effect) => ({ at: path, effect }));
  return [
    ...at('spec.image', imageEffects(`${repository ?? ''}:${tag ?? ''}`, usualValkey, true)),
    ...securityOf(own),
    ...snapshotsOf(source),
    ...spreadOf(source),
    ...leastReplicas(source),
    ...(source.isOn('spec.readService.enabled')
      ? at('spec.readService', [
          renamedService(`${database}-read`, `${database}-replica`),
          warning('has replicas alone from now on; it had the primaries too'),
        ])
      : []),
    ...(source.isOn('spec.metricsExporter.enabled')
      ? at('spec.metricsExporter', [set('monitoring.exporter', {})])
      : []),
    ...(source.isOn('spec.persistence.enabled') ? at('spec.persistence', [moveCluster(`data-${database}-<i>`)]) : []),
  ];
}

/** `ValkeyCluster` of the Valkey operator (valkey-operator.smoketurner.com/v1alpha1). */
export const valkeyCluster: DatabaseImporter = {
  role: 'database',
  group: 'valkey-operator.smoketurner.com',
  kind: 'ValkeyCluster',
  version: 'v1alpha1',
  defaults,
  table,
  becomes: () => 'Cluster',
  settle,
};
