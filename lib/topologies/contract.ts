import type { AgentConfig, NodeConfig } from '../contract/agent-config';
import { newestSchema } from '../contract/render-agent-config';
import { agentUser, authFiles, objectNames, paths, ports } from '../contract/names';
import { credentialsFolder, storeFolder, type Store } from '../resources/volumes';
import { aclRules } from '../resources/acl';
import { serviceHost } from '../spec/layout';
import { parseQuantity } from '../contract/quantity';
import type { AnySpec, Spec } from '../spec/read-spec';
import type { DestinationFields } from '../spec/schema/backup-schema';
import { exporterAccess } from './exporter';

const authFile = (file: string): string => `${paths.auth}/${file}`;

/** What the agents of every topology are told. */
export function sharedContract(spec: AnySpec): AgentConfig {
  const { persistence } = spec;
  return {
    schema: newestSchema,
    database: spec.name,
    namespace: spec.namespace,
    engine: spec.engine,
    topology: spec.topology,
    shards: [...spec.layout],
    ports: { client: ports.client, bus: ports.bus, agent: ports.agent },
    auth: authContract(spec),
    tls: spec.tls === 'off' ? 'off' : { clientCertificates: spec.tls.clientCertificates },
    persistence: persistence === 'off' ? 'off' : persistence.appendOnly === 'off' ? 'rdb' : 'aof',
    nodeTimeoutMs: defaultNodeTimeoutMs,
    ...(spec.state === 'running' ? {} : { state: spec.state }),
    ...(spec.fenced.length > 0 ? { fenced: spec.fenced } : {}),
    ...volumeContract(persistence),
    ...(spec.modules.length > 0 ? { modules: spec.modules.map(({ path }) => path) } : {}),
    ...storesContract(spec),
  };
}

/** For a topology in which nobody waits for another node. Milliseconds. */
const defaultNodeTimeoutMs = 5000;

function authContract(spec: AnySpec): AgentConfig['auth'] {
  const { auth } = spec;
  if (auth === 'off') return 'off';
  const exporter = exporterAccess(spec);
  const secret = { passwordFile: authFile(authFiles.password) };
  const users = auth.users.map((user) => ({
    name: user.name,
    passwordFile: authFile(authFiles.user(user.name)),
    rules: aclRules(user),
  }));
  return {
    agent: { user: agentUser, ...secret },
    replication: secret,
    ...(exporter ? { exporter } : {}),
    ...(users.length > 0 ? { users } : {}),
    ...(auth.usersFile ? { usersFile: authFile(authFiles.users) } : {}),
    ...(auth.deniedCommands.length > 0 ? { deniedCommands: auth.deniedCommands } : {}),
    overlapSeconds: auth.rotation.overlapSeconds,
  };
}

function volumeContract(persistence: AnySpec['persistence']): Pick<AgentConfig, 'volumeBytes'> {
  if (persistence === 'off' || persistence.initialSize === undefined) return {};
  return { volumeBytes: parseQuantity(persistence.size) };
}

function externalContract({ externalAccess }: Pick<AnySpec, 'externalAccess'>): Pick<AgentConfig, 'externalAccess'> {
  if (externalAccess === undefined) return {};
  const { type, host } = externalAccess;
  return { externalAccess: { type, ...(host === undefined ? {} : { host }) } };
}

type Destination = NonNullable<AgentConfig['backup']>['destination'];

function destinationContract(destination: DestinationFields, store: Store['name']): Destination {
  if ('volume' in destination) {
    const { path } = destination.volume;
    return { folder: storeFolder(store) + (path === undefined ? '' : `/${path}`) };
  }
  const { s3 } = destination;
  const usual = s3.endpoint === undefined ? 'host' : 'path';
  return { s3: { ...s3, addressing: s3.addressing ?? usual, credentials: credentialsFolder(store) } };
}

function storesContract({
  backup,
  archive,
  restore,
  namespace,
  name,
}: AnySpec): Pick<AgentConfig, 'backup' | 'archive' | 'restore'> {
  const schedules = (backup?.schedules ?? []).map(({ name: schedule, retention }) => ({
    name: schedule,
    ...(retention ? { retention } : {}),
  }));
  return {
    ...(backup
      ? {
          backup: {
            destination: destinationContract(backup.destination, 'backup'),
            ...(backup.retention ? { retention: backup.retention } : {}),
            source: backup.source,
            schedules,
          },
        }
      : {}),
    ...(archive ? { archive: { ...archive, destination: destinationContract(archive.destination, 'archive') } } : {}),
    ...(restore
      ? {
          restore: {
            source: destinationContract(restore.source, 'restore'),
            database: restore.database ?? `${namespace}/${name}`,
            from: 'time' in restore ? { time: restore.time } : { backup: restore.backup },
          },
        }
      : {}),
  };
}

type Replicated = Spec<'Replication' | 'Sentinel' | 'Cluster'>;

const upgradeContract = ({ upgrade, nodeTimeoutMs }: Pick<Replicated, 'upgrade' | 'nodeTimeoutMs'>) => ({
  upgrade,
  nodeTimeoutMs,
});

const replicatedContract = (spec: Pick<Replicated, 'upgrade' | 'nodeTimeoutMs' | 'minReplicasToWrite'>) => ({
  ...upgradeContract(spec),
  ...(spec.minReplicasToWrite > 0 ? { minReplicasToWrite: spec.minReplicasToWrite } : {}),
});

const primariesContract = (names: readonly (string | undefined)[]): Pick<AgentConfig, 'primaries'> => {
  const primaries = names.filter((name) => name !== undefined);
  return primaries.length > 0 ? { primaries } : {};
};

const prioritiesContract = ({
  replicaPriorities,
}: Pick<Spec<'Replication'>, 'replicaPriorities'>): Pick<AgentConfig, 'replicaPriorities'> =>
  Object.keys(replicaPriorities).length > 0 ? { replicaPriorities } : {};

function replicaOfContract(source: Spec<'Replication'>['replicaOf']): Pick<AgentConfig, 'replicaOf'> {
  if (source === undefined) return {};
  const { auth, ...rest } = source;
  const credential = auth === 'off' ? auth : { user: auth.user, passwordFile: authFile(authFiles.source) };
  return { replicaOf: { ...rest, auth: credential } };
}

/** What the agents of one node are told. */
export const standaloneContract = (spec: Spec<'Standalone'>): AgentConfig => ({
  ...sharedContract(spec),
  upgrade: { strategy: 'RollingUpdate', maxUnavailable: 1, ...spec.upgrade },
  ...replicaOfContract(spec.replicaOf),
});

/** What the agents of a primary and its replicas are told. */
export const replicationContract = (spec: Spec<'Replication'>): AgentConfig => ({
  ...sharedContract(spec),
  ...replicatedContract(spec),
  ...primariesContract([spec.primary]),
  ...prioritiesContract(spec),
  ...replicaOfContract(spec.replicaOf),
});

/** Unlike that of every other database: Sentinels that meet by mistake would take those of one name for their own. */
export const masterName = ({ name, namespace }: Pick<Spec<'Sentinel'>, 'name' | 'namespace'>): string =>
  `${name}.${namespace}`;

/** The pods of the Sentinels. */
export const sentinelNames = ({ name, sentinels }: Pick<Spec<'Sentinel'>, 'name' | 'sentinels'>): string[] =>
  Array.from({ length: sentinels.count }, (_, ordinal) => objectNames(name).sentinelNode(ordinal));

/** What the agents of nodes with Sentinels are told. */
export function sentinelContract(spec: Spec<'Sentinel'>): AgentConfig {
  const shared = sharedContract(spec);
  const names = objectNames(spec.name);
  const { count, quorum, failoverTimeoutMs, parallelSyncs } = spec.sentinels;
  const atService = (node: NodeConfig): NodeConfig => ({
    ...node,
    service: serviceHost(names.nodeService(node.name), spec),
  });
  return {
    ...shared,
    shards: shared.shards.map((shard) => ({ ...shard, nodes: shard.nodes.map(atService) })),
    ports: { ...shared.ports, sentinel: ports.sentinel },
    ...replicatedContract(spec),
    ...primariesContract([spec.primary]),
    ...prioritiesContract(spec),
    sentinel: {
      master: masterName(spec),
      quorum: quorum ?? Math.floor(count / 2) + 1,
      failoverTimeoutMs,
      parallelSyncs,
      nodes: sentinelNames(spec).map((name) =>
        atService({ name, host: serviceHost(`${name}.${names.sentinelHeadlessService}`, spec) }),
      ),
    },
  };
}

/** What the agents of a cluster are told. */
export const clusterContract = (spec: Spec<'Cluster'>): AgentConfig => ({
  ...sharedContract(spec),
  ...replicatedContract(spec),
  ...primariesContract(spec.primaries),
  ...(spec.rebalancing === 'on' ? {} : { rebalancing: spec.rebalancing }),
  ...externalContract(spec),
});

/** What the agents of a mesh are told. */
export const multiMasterContract = (spec: Spec<'MultiMaster'>): AgentConfig => ({
  ...sharedContract(spec),
  ...upgradeContract(spec),
  ...primariesContract([spec.preferredWriter]),
  ...(spec.peers.length > 0 ? { peers: spec.peers } : {}),
});
