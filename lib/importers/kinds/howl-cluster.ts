import type { Kind } from '../../spec/kinds';
import { directive, evictionPolicy } from '../directives';
import { notImported, problem, set, warning, type Effect } from '../effect';
import { engineOfImage, imageEffects } from '../image';
import type { DatabaseImporter, Own, Settled } from '../importer';
import { metadataTable } from '../metadata';
import { copyAgain, moveCluster, moveOne, renamedService } from '../moving';
import { placementTable, resourcesTable, spreadEffects, unsatisfiable } from '../pod-fields';
import { inTheClear, secretWarnings, tlsWarnings } from '../security';
import type { Source } from '../source';
import { becomes, checked, leftOut, leftOutUnless, settled, whenOn, type Rule, type Table } from '../table';
import { bytes, flag, map, memory, name, wholeNumber, word, type Reader } from '../values';
import { howlAnnotations } from './howl-annotations';
import { modeOf, modes } from './howl-mode';

const usual = { engine: 'redis', version: '7.2' } as const;

const kindOf = (source: Source): Kind => {
  const mode = modeOf(source);
  if (mode === 'cluster') return 'Cluster';
  if (mode === 'sentinel') return 'Sentinel';
  return (source.number('spec.instances') ?? 1) > 1 ? 'Replication' : 'Standalone';
};

/** A field of databases that have shards, or of those that have none. */
const ofShards =
  (sharded: boolean, rule: Rule): Rule =>
  (given) =>
    (modeOf(given.source) === 'cluster') === sharded
      ? rule(given)
      : [notImported(`mode ${modeOf(given.source)} has no such field`)];

const onVolume =
  (rule: Rule): Rule =>
  (given) =>
    given.source.text('spec.storage.type') === 'emptyDir'
      ? [notImported('data is in memory only, and ends with its pod; "persistence" keeps it on a volume')]
      : rule(given);

/** Read as a whole where the database follows another one. */
const following = (reader: Reader): Rule => whenOn('spec.replicaMode.enabled', checked(reader));

const isolation =
  'a primary that cannot prove its role to the API server or to all other nodes takes no more writes, always';
const maintenance = 'a node can be drained at any time: its primaries are handed over before their pods end';
const constraint = 'spec.topologySpreadConstraints[]';
const onlyKeys = leftOut(
  'constraints are over the pods of one shard, and say topologyKey, maxSkew and whenUnsatisfiable',
);

const table: Table = {
  ...metadataTable(howlAnnotations),
  'spec.mode': ({ value }) => (modes.read(value) ? [] : [problem(`must be one of ${modes.allowed}`)]),
  'spec.instances': ofShards(false, (given) => {
    const count = wholeNumber.read(given.value);
    if (count === undefined || count < 1) return [problem('must be a whole number, 1 or more')];
    return kindOf(given.source) === 'Standalone' ? [] : [set('replicas', count - 1)];
  }),
  'spec.shards': ofShards(true, becomes('shards', wholeNumber)),
  'spec.replicasPerShard': ofShards(true, becomes('replicasPerShard', wholeNumber)),
  'spec.primaryUpdateStrategy': becomes(
    'upgrade.supervised',
    map(word('supervised', 'unsupervised'), (strategy) => strategy === 'supervised'),
  ),
  'spec.imageName': ({ value }) => imageEffects(String(value), usual),
  'spec.storage.type': ({ value }) => {
    const type = word('pvc', 'emptyDir').read(value);
    if (!type) return [problem('must be "pvc" or "emptyDir"')];
    return type === 'emptyDir' ? [set('persistence', 'off')] : [];
  },
  'spec.storage.size': onVolume(becomes('persistence.size', bytes)),
  'spec.storage.storageClassName': onVolume(becomes('persistence.storageClass', name)),
  'spec.redis.*': directive(({ source }) => engineOfImage(source.text('spec.imageName'), usual)),
  ...resourcesTable('spec.resources'),
  'spec.memory.maxMemory': becomes('maxMemory', memory),
  'spec.memory.maxMemoryPercent': becomes(
    'maxMemory',
    map(wholeNumber, (percent) => `${percent}%`),
  ),
  'spec.memory.maxMemoryPolicy': becomes('maxMemoryPolicy', evictionPolicy),
  'spec.minSyncReplicas': ofShards(false, becomes('minReplicasToWrite', wholeNumber)),
  'spec.maxSyncReplicas': leftOut('the operator did not read it, and engines have no such bound'),
  'spec.enablePodDisruptionBudget': leftOutUnless(
    true,
    'a disruption budget is always made; one node of a shard may go',
  ),
  'spec.authSecret.name': becomes('auth.secret.name', name),
  'spec.aclConfigSecret.name': becomes('auth.usersFile.name', name),
  'spec.tlsSecret.name': becomes('tls.secret.name', name),
  'spec.caSecret.name': settled,
  'spec.backupCredentialsSecret.name': () => [
    warning(
      'backups read it under the keys accessKeyId, secretAccessKey and sessionToken; the operator had AWS_ACCESS_KEY_ID and so on',
    ),
  ],
  'spec.primaryIsolation.enabled': leftOutUnless(true, isolation),
  'spec.primaryIsolation.apiServerTimeout': leftOut(isolation),
  'spec.primaryIsolation.peerTimeout': leftOut(isolation),
  ...placementTable('spec'),
  'spec.affinity.**': becomes('scheduling.affinity.**', { allowed: 'as in a pod', read: (value) => value }),
  [`${constraint}.topologyKey`]: checked(name),
  [`${constraint}.maxSkew`]: checked(wholeNumber),
  [`${constraint}.whenUnsatisfiable`]: checked(unsatisfiable),
  [`${constraint}.labelSelector.**`]: onlyKeys,
  [`${constraint}.matchLabelKeys[]`]: onlyKeys,
  [`${constraint}.minDomains`]: onlyKeys,
  [`${constraint}.nodeAffinityPolicy`]: onlyKeys,
  [`${constraint}.nodeTaintsPolicy`]: onlyKeys,
  'spec.bootstrap.backupName': leftOut(
    'an old backup is not of the form that "restore" reads, and was read once, when the old database began',
  ),
  'spec.nodeMaintenanceWindow.inProgress': leftOutUnless(false, maintenance),
  'spec.nodeMaintenanceWindow.reusePVC': leftOutUnless(true, maintenance),
  'spec.replicaMode.enabled': checked(flag),
  'spec.replicaMode.promote': checked(flag),
  'spec.replicaMode.source.clusterName': leftOut('it is a word for people; "replicaOf" has the host alone'),
  'spec.replicaMode.source.host': following(name),
  'spec.replicaMode.source.port': following(wholeNumber),
  'spec.replicaMode.source.authSecretName': following(name),
  'spec.connectionSecret.name': settled,
};

const defaults = {
  'spec.mode': 'standalone',
  'spec.instances': 1,
  'spec.shards': 3,
  'spec.replicasPerShard': 0,
  'spec.imageName': 'redis:7.2',
  'spec.storage.type': 'pvc',
  'spec.storage.size': '1Gi',
  'spec.replicaMode.source?.port': 6379,
} as const;

function authOf({ source, name: database, beside }: Own): Settled[] {
  const secret = source.text('spec.authSecret.name');
  const acl = source.text('spec.aclConfigSecret.name');
  const generated = warning(
    `the operator made a password in Secret "${database}-auth", and deletes it with the old database; a new one is made under that name. To keep the old one, copy it to a Secret of yours and name that in auth.secret`,
  );
  return [
    ...(secret === undefined
      ? [{ at: 'spec.authSecret', effect: generated }]
      : secretWarnings(beside, 'spec.authSecret', secret, ['password'])),
    ...(acl === undefined ? [] : [{ at: 'spec.aclConfigSecret', effect: set('auth.usersFile.key', 'acl') }]),
  ];
}

function tlsOf(own: Own): Settled[] {
  const { source } = own;
  const [secret, authority] = ['spec.tlsSecret', 'spec.caSecret'].map((field) => source.text(`${field}.name`));
  if (secret === undefined && authority === undefined) return inTheClear('spec');
  if (secret === undefined) return [{ at: 'spec.caSecret', effect: problem('must stand beside tlsSecret') }];
  const apart = warning(
    `add its ca.crt to Secret ${secret}: the servers read key, certificate and authority from there`,
  );
  return [
    { at: 'spec.tlsSecret', effect: set('tls.clientCertificates', 'optional') },
    ...(authority === undefined || authority === secret ? [] : [{ at: 'spec.caSecret.name', effect: apart }]),
    ...tlsWarnings(own, 'spec.tlsSecret', secret, kindOf(source)),
  ];
}

/** Whether it copies a database elsewhere. */
const follows = (source: Source): boolean =>
  source.isOn('spec.replicaMode.enabled') && !source.isOn('spec.replicaMode.promote');

function followedOf(source: Source): Settled[] {
  const at = 'spec.replicaMode';
  if (!source.isOn(`${at}.enabled`)) return [];
  if (!follows(source)) {
    const effect = warning('is promoted: takes writes, and follows nobody any more');
    return [{ at: `${at}.promote`, effect }];
  }
  const host = source.text(`${at}.source.host`);
  if (host === undefined) return [{ at, effect: problem('must have source.host') }];
  const secret = source.text(`${at}.source.authSecretName`);
  const value = {
    host,
    port: source.number(`${at}.source.port`) ?? 6379,
    auth: secret === undefined ? 'off' : { secret: { name: secret } },
    tls: source.text('spec.tlsSecret.name') === undefined ? 'off' : 'on',
  };
  return [{ at: `${at}.source`, effect: set('replicaOf', value) }];
}

function movesOf({ source, name: database, namespace }: Own): Effect {
  const volumes = `${database}-data-<i>`;
  if (modeOf(source) === 'cluster') return moveCluster(volumes);
  if (follows(source)) return copyAgain(volumes);
  const secret = source.text('spec.authSecret.name') ?? `${database}-auth`;
  const encrypted = source.text('spec.tlsSecret.name') !== undefined;
  return moveOne(volumes, { host: `${database}-leader.${namespace}.svc`, secret, encrypted });
}

function memoryOf(source: Source): Settled[] {
  const both =
    source.at('spec.memory.maxMemory') !== undefined && source.at('spec.memory.maxMemoryPercent') !== undefined;
  return both ? [{ at: 'spec.memory', effect: problem('must have one of "maxMemory" and "maxMemoryPercent"') }] : [];
}

function settle(own: Own): Settled[] {
  const { source, name: database } = own;
  const connection = source.text('spec.connectionSecret.name');
  const host = modeOf(source) === 'cluster' ? database : `${database}-leader`;
  return [
    ...authOf(own),
    ...tlsOf(own),
    ...memoryOf(source),
    ...followedOf(source),
    ...spreadEffects(source, 'spec.topologySpreadConstraints').map((effect) => ({
      at: 'spec.topologySpreadConstraints',
      effect,
    })),
    ...(source.at('spec.minSyncReplicas') === undefined
      ? []
      : [
          {
            at: 'spec.minSyncReplicas',
            effect: warning('the operator did not read it; from now on writes wait for so many replicas'),
          },
        ]),
    ...(connection === undefined
      ? []
      : [
          {
            at: 'spec.connectionSecret.name',
            effect: notImported(`clients take the host ${host} and the password of the Secret of "auth"`),
          },
        ]),
    ...(modeOf(source) === 'cluster'
      ? [{ at: 'metadata.name', effect: renamedService(`${database}-cluster`, database) }]
      : []),
    ...(source.text('spec.storage.type') === 'emptyDir' ? [] : [{ at: 'spec.storage', effect: movesOf(own) }]),
  ];
}

/** `RedisCluster` of the Redis operator in the manner of CloudNativePG (redis.io/v1). */
export const howlCluster: DatabaseImporter = {
  role: 'database',
  group: 'redis.io',
  kind: 'RedisCluster',
  version: 'v1',
  defaults,
  table,
  becomes: kindOf,
  settle,
};
