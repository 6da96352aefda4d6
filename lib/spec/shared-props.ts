/** A Secret in the database's namespace. Its content is never read while manifests are made. */
export interface SecretProps {
  /** Name of the Secret. */
  readonly name: string;
}

/** One value of a Secret in the database's namespace. */
export interface SecretKeyProps {
  /** Name of the Secret. */
  readonly name: string;

  /**
   * Key of the value in the Secret.
   *
   * @default password
   */
  readonly key?: string;
}

/** Clients, agents and replicas prove themselves with one password. */
export interface PasswordAuthProps {
  /** Where the password is. */
  readonly secret: SecretKeyProps;
}

/** Every connection is encrypted: clients, replication, cluster bus and agents. */
export interface TlsProps {
  /** Holds `tls.crt`, `tls.key` and `ca.crt`, as cert-manager writes them. */
  readonly secret: SecretProps;

  /**
   * Whether clients show a certificate of the same authority. The engine's `tls-auth-clients`.
   *
   * `required` turns clients without one away, `optional` checks one that is shown, `off` does not ask.
   */
  readonly clientCertificates: 'required' | 'optional' | 'off';
}

/** Data outlives its pod, on one volume a node, in an append-only file that is flushed every second. */
export interface PersistenceProps {
  /**
   * Size of each node's volume, as a quantity of bytes: `10Gi`. Room for the append-only file while it is rewritten is
   * at least twice `maxMemory`.
   */
  readonly size: string;

  /**
   * StorageClass of the volumes.
   *
   * @default - the default class of the Kubernetes cluster
   */
  readonly storageClass?: string;
}

/** Amounts of processor and memory, as Kubernetes quantities: `{ cpu: '500m', memory: '1Gi' }`. */
export interface AmountProps {
  /**
   * Processor time, in cores (`2`) or thousandths of one (`500m`).
   *
   * @default - see the field that holds the amount
   */
  readonly cpu?: string;

  /**
   * Memory, in bytes (`1Gi`).
   *
   * @default - see the field that holds the amount
   */
  readonly memory?: string;
}

/** What a container reserves, and what it may use at most. */
export interface ResourcesProps {
  /**
   * What the scheduler sets aside for the container.
   *
   * @default - memory: the limit; cpu: 100m for a server, 20m for an agent
   */
  readonly requests?: AmountProps;

  /**
   * What the container can never exceed. A server at its memory limit is killed, so `maxMemory` stays below it.
   *
   * @default - memory: the request, else 512Mi for a server and 128Mi for an agent; cpu: no limit, because a throttled
   * server misses heartbeats and loses its role
   */
  readonly limits?: AmountProps;
}

/** The agent beside each server. */
export interface AgentProps {
  /**
   * Image of the agent, with a tag or a digest.
   *
   * @default - the context `cdk8s-keyspace/agentImage` of the construct tree, else the image of this package's version
   */
  readonly image?: string;

  /**
   * What the agent reserves and may use.
   *
   * @default - requests 20m and 64Mi, limit 128Mi
   */
  readonly resources?: ResourcesProps;
}

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

/** Which nodes of the Kubernetes cluster the pods may run on. Pods of one shard are always kept on different ones. */
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
   * PriorityClass of the pods.
   *
   * @default - the default class of the Kubernetes cluster
   */
  readonly priorityClassName?: string;
}
