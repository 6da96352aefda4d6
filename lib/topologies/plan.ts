import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type { AgentConfig } from '../contract/agent-config';
import { exporter as exporterNames, objectNames } from '../contract/names';
import {
  namedPort,
  type ClientServiceProps,
  type NamedPort,
  type Reach,
  type ServiceFamily,
} from '../resources/services';
import type { VolumesProps } from '../resources/volumes';
import type { AnySpec, Spec } from '../spec/read-spec';

/** A database, and everything its objects are made from. */
export interface DatabasePlan {
  readonly spec: AnySpec & { readonly services: Spec<'Standalone' | 'Cluster'>['services'] };
  readonly contract: AgentConfig;
  /** Text of the servers' configuration file. */
  readonly serverConfig: string;
  /** Ports of the server's container. */
  readonly ports: readonly ('client' | 'bus')[];
  /** Services for clients, that which they connect to first in front. */
  readonly clientServices: readonly ClientServiceProps[];
  /** What is mounted into the pods. */
  readonly files: VolumesProps;
}

/** What all objects have in common. */
export const familyOf = ({ spec }: Pick<DatabasePlan, 'spec'>): ServiceFamily => ({
  database: spec.name,
  engine: spec.engine.name,
  gitOps: spec.gitOps,
  labels: spec.labels,
  annotations: spec.annotations,
  servicePort: spec.services.port,
  ipFamilyPolicy: spec.services.ipFamilyPolicy,
  ipFamilies: spec.services.ipFamilies,
});

/** Every port of a server pod that somebody else may connect to. */
export const podPorts = ({ ports, spec }: DatabasePlan): NamedPort[] => [
  ...[...ports, 'agent' as const].map(namedPort),
  ...(spec.monitoring.exporter ? [{ name: exporterNames.port, port: spec.monitoring.exporter.port }] : []),
];

/** Every node of a database. */
export const nodesOf = ({ spec }: Pick<DatabasePlan, 'spec'>): string[] =>
  spec.layout.flatMap((shard) => shard.nodes.map(({ name }) => name));

/** Services that every database has: of its primaries, of its replicas, and of both. */
export function roleServices(
  { name, services }: { readonly name: string; readonly services: DatabasePlan['spec']['services'] },
  leader?: Reach,
): ClientServiceProps[] {
  const names = objectNames(name);
  return [
    { name: names.leaderService, role: 'primary', reach: leader },
    { name: names.replicaService, role: 'replica', reach: 'replica' in services ? services.replica : undefined },
    { name: names.anyService },
  ];
}

/** As {@link roleServices}, where any node is as good as another for a first connection. */
export const sharedServices = (spec: Parameters<typeof roleServices>[0]): ClientServiceProps[] => [
  { name: objectNames(spec.name).clientService, reach: spec.services.client },
  ...roleServices(spec),
];

/** Volumes stay unless the spec says otherwise: data is deleted by people. */
export const retentionOf = ({ persistence }: AnySpec): k8s.StatefulSetPersistentVolumeClaimRetentionPolicy =>
  persistence === 'off' ? { whenDeleted: 'Retain', whenScaled: 'Retain' } : persistence.retention;

/** Replicas that have to be in touch for a write. */
export const replicasToWrite = (spec: Spec<'Replication' | 'Sentinel' | 'Cluster'>) => ({
  replicas: spec.minReplicasToWrite,
  maxLagSeconds: spec.minReplicasMaxLagSeconds,
});
