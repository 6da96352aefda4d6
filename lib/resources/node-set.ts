import { createHash } from 'node:crypto';

import type { k8s } from 'cdk8s-plus-28';

import { annotations, objectNames } from '../contract/names';
import { objectMeta, podMeta, serverSelector, shardSelector, type Family } from './metadata';
import { podSecurity } from './pod-security';

/** What the StatefulSet of one shard depends on. */
export interface NodeSetProps {
  readonly family: Family;
  readonly shard: string;
  readonly nodes: number;
  /** Text of the servers' configuration file: servers read it when they start. */
  readonly serverConfig: string;
  readonly server: k8s.Container;
  readonly agent: k8s.Container;
  /** @default none */
  readonly exporter?: k8s.Container;
  readonly volumes: k8s.Volume[];
  readonly claims: k8s.KubePersistentVolumeClaimProps[];
  readonly terminationGracePeriodSeconds: number;
  readonly imagePullSecrets: readonly string[];
  readonly scheduling: Scheduling;
}

/** As in a pod. */
export interface Scheduling {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly k8s.Toleration[];
  readonly priorityClassName?: string;
}

/** The nodes of one shard. */
export function nodeSet(props: NodeSetProps): k8s.KubeStatefulSetProps {
  const { family, shard } = props;
  const names = objectNames(family.database);
  const hash = createHash('sha256').update(props.serverConfig).digest('hex');
  return {
    metadata: objectMeta(family, names.statefulSet(shard), 'workload'),
    spec: {
      serviceName: names.headlessService,
      replicas: props.nodes,
      // Nodes wait for each other, not for their turn. Can never be changed.
      podManagementPolicy: 'Parallel',
      // How far a roll-out has come, its partition, is the agents' to say and therefore not here.
      updateStrategy: { type: 'RollingUpdate' },
      selector: { matchLabels: shardSelector(family.database, shard) },
      template: {
        metadata: podMeta(family, shard, { [annotations.serverConfigHash]: hash }),
        spec: podSpec(props, names.serviceAccount),
      },
      ...(props.claims.length > 0 ? { volumeClaimTemplates: props.claims } : {}),
      // Data is deleted by people.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    },
  };
}

const podSpec = (props: NodeSetProps, serviceAccountName: string): k8s.PodSpec => ({
  serviceAccountName,
  automountServiceAccountToken: false,
  // Variables for every Service of the namespace are of no use, and one named like a variable of the engine does harm.
  enableServiceLinks: false,
  terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
  securityContext: podSecurity,
  ...(props.imagePullSecrets.length > 0 ? { imagePullSecrets: props.imagePullSecrets.map((name) => ({ name })) } : {}),
  initContainers: [props.agent],
  containers: [props.server, ...(props.exporter ? [props.exporter] : [])],
  volumes: props.volumes,
  topologySpreadConstraints: spread(props.family.database, props.shard),
  ...schedulingFields(props.scheduling),
});

const schedulingFields = ({ nodeSelector, tolerations, priorityClassName }: Scheduling): Partial<k8s.PodSpec> => ({
  ...(nodeSelector ? { nodeSelector } : {}),
  ...(tolerations ? { tolerations: [...tolerations] } : {}),
  ...(priorityClassName === undefined ? {} : { priorityClassName }),
});

function spread(database: string, shard: string): k8s.TopologySpreadConstraint[] {
  const over = (
    topologyKey: string,
    whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway',
    matchLabels: Record<string, string>,
  ): k8s.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    // A node that is cordoned or tainted counts for nothing, so a drained pod finds a place.
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels },
  });
  return [
    over('kubernetes.io/hostname', 'DoNotSchedule', shardSelector(database, shard)),
    over('topology.kubernetes.io/zone', 'ScheduleAnyway', shardSelector(database, shard)),
    // A node that holds most of the primaries takes the majority with it that would fail them over.
    over('kubernetes.io/hostname', 'ScheduleAnyway', serverSelector(database)),
  ];
}
