import { createHash } from 'node:crypto';

import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { annotations, objectNames } from '../contract/names';
import { objectMeta, podMeta, type Family } from './metadata';
import { podSecurity } from './pod-security';

/** What a StatefulSet of servers, or of Sentinels, depends on. */
export interface NodeSetProps {
  readonly family: Family;
  readonly name: string;
  /** The headless Service that names its pods. */
  readonly serviceName: string;
  /** Its pods and nobody else's. */
  readonly selector: Record<string, string>;
  /** More pods, which are spread with its own where that is possible. */
  readonly wider?: Record<string, string>;
  readonly nodes: number;
  /** Of the servers' configuration file, what they read when they start and never again. */
  readonly startConfig: string;
  readonly server: k8s.Container;
  readonly agent: k8s.Container;
  /** @default none */
  readonly exporter?: k8s.Container;
  readonly volumes: k8s.Volume[];
  readonly claims: k8s.KubePersistentVolumeClaimProps[];
  /** What becomes of claims that no pod uses any more. */
  readonly retention: k8s.StatefulSetPersistentVolumeClaimRetentionPolicy;
  readonly terminationGracePeriodSeconds: number;
  readonly imagePullSecrets: readonly string[];
  readonly scheduling: Scheduling;
}

/** Pods in equal numbers over the places that a label tells apart. */
export interface Spread {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
}

/** As in a pod. */
export interface Scheduling {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly k8s.Toleration[];
  readonly affinity?: Readonly<Record<string, unknown>>;
  readonly priorityClassName?: string;
  /** @default over hosts strictly, over zones where there are enough */
  readonly topologySpread?: readonly Spread[];
}

/** The nodes of one shard, or the Sentinels. */
export function nodeSet(props: NodeSetProps): k8s.KubeStatefulSetProps {
  const { family, selector } = props;
  const hash = createHash('sha256').update(props.startConfig).digest('hex');
  return {
    metadata: objectMeta(family, props.name, 'workload'),
    spec: {
      serviceName: props.serviceName,
      replicas: props.nodes,
      // Nodes wait for each other, not for their turn. Can never be changed.
      podManagementPolicy: 'Parallel',
      // How far a roll-out has come, its partition, is the agents' to say and therefore not here.
      updateStrategy: { type: 'RollingUpdate' },
      selector: { matchLabels: selector },
      template: {
        metadata: podMeta(family, selector, { [annotations.serverConfigHash]: hash }),
        spec: podSpec(props, objectNames(family.database).serviceAccount),
      },
      ...(props.claims.length > 0 ? { volumeClaimTemplates: props.claims } : {}),
      persistentVolumeClaimRetentionPolicy: props.retention,
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
  topologySpreadConstraints: spread(props),
  ...schedulingFields(props.scheduling),
});

const schedulingFields = (scheduling: Scheduling): Partial<k8s.PodSpec> => {
  const { nodeSelector, tolerations, affinity, priorityClassName } = scheduling;
  return {
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerations ? { tolerations: [...tolerations] } : {}),
    ...(affinity ? { affinity } : {}),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
  };
};

/** No host holds two nodes of a shard, as long as the spec says nothing else. */
const usualSpread: readonly Spread[] = [
  { topologyKey: 'kubernetes.io/hostname', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' },
];

/** A node that holds most of the primaries takes the majority with it that would fail them over. */
const overHosts: Spread = { topologyKey: 'kubernetes.io/hostname', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' };

const isSameKind = (one: Spread, other: Spread): boolean =>
  one.topologyKey === other.topologyKey && one.whenUnsatisfiable === other.whenUnsatisfiable;

function spread({ selector, wider, scheduling }: NodeSetProps): k8s.TopologySpreadConstraint[] {
  const over = (one: Spread, matchLabels: Record<string, string>): k8s.TopologySpreadConstraint => ({
    maxSkew: one.maxSkew,
    topologyKey: one.topologyKey,
    whenUnsatisfiable: one.whenUnsatisfiable,
    // A node that is cordoned or tainted counts for nothing, so a drained pod finds a place.
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels },
  });
  const own = scheduling.topologySpread ?? usualSpread;
  const constraints = own.map((one) => over(one, selector));
  // Kubernetes takes one constraint of a kind; what the spec says of the shard's own pods comes first.
  const taken = own.some((one) => isSameKind(one, overHosts));
  return wider && !taken ? [...constraints, over(overHosts, wider)] : constraints;
}
