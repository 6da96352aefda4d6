/** Lets pods onto nodes with a matching taint. As in a Kubernetes pod. */
export interface TolerationProps {
  /**
   * Key of the taint.
   *
   * @default - every key; `operator` must be `Exists`
   */
  readonly key?: string;

  /**
   * How `value` is compared.
   *
   * @default - Kubernetes': `Equal`
   */
  readonly operator?: 'Equal' | 'Exists';

  /**
   * Value of the taint.
   *
   * @default - the empty value
   */
  readonly value?: string;

  /**
   * Effect of the taint.
   *
   * @default - every effect
   */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

  /**
   * Seconds that a pod stays after a `NoExecute` taint appears.
   *
   * @default - for ever
   */
  readonly tolerationSeconds?: number;
}

/** Which nodes of the Kubernetes cluster the pods run on. */
export interface SchedulingProps {
  /**
   * Labels that a node must carry.
   *
   * @default - any node
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;

  /**
   * Taints that the pods put up with.
   *
   * @default - none
   */
  readonly tolerations?: readonly TolerationProps[];

  /**
   * Nodes and pods to be near to or away from, as in a Kubernetes pod.
   *
   * @default - none
   */
  readonly affinity?: AffinityProps;

  /**
   * How the pods of one shard, and those of the Sentinels, are spread.
   *
   * @default - over hosts strictly, over zones where there are enough of them
   */
  readonly topologySpread?: readonly TopologySpreadProps[];

  /**
   * PriorityClass of the pods.
   *
   * @default - the default class of the Kubernetes cluster
   */
  readonly priorityClassName?: string;
}

/** As in a Kubernetes pod: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export interface AffinityProps {
  /**
   * Nodes to run on.
   *
   * @default - none
   */
  readonly nodeAffinity?: Readonly<Record<string, unknown>>;

  /**
   * Pods to be near to.
   *
   * @default - none
   */
  readonly podAffinity?: Readonly<Record<string, unknown>>;

  /**
   * Pods to be away from.
   *
   * @default - none
   */
  readonly podAntiAffinity?: Readonly<Record<string, unknown>>;
}

/** Pods in equal numbers over the places that a label of the nodes tells apart. */
export interface TopologySpreadProps {
  /** Label of the nodes: `topology.kubernetes.io/zone`. */
  readonly topologyKey: string;

  /**
   * By how many pods two places may differ. Minimum: 1.
   *
   * @default 1
   */
  readonly maxSkew?: number;

  /**
   * What becomes of a pod for which there is no such place: it waits, or it runs anyway.
   *
   * @default DoNotSchedule
   */
  readonly whenUnsatisfiable?: 'DoNotSchedule' | 'ScheduleAnyway';
}
