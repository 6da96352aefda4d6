import type {
  AgentProps,
  PasswordAuthProps,
  PersistenceProps,
  ResourcesProps,
  SchedulingProps,
  TlsProps,
} from './shared-props';

/** What a full server throws away: https://valkey.io/topics/lru-cache/ */
export type MaxMemoryPolicy =
  | 'noeviction'
  | 'allkeys-lru'
  | 'allkeys-lfu'
  | 'allkeys-random'
  | 'volatile-lru'
  | 'volatile-lfu'
  | 'volatile-random'
  | 'volatile-ttl';

/** A database whose keys are shared out over several primaries by hash slot. */
export interface ClusterProps {
  /** Which server runs. */
  readonly engine: 'valkey' | 'redis';

  /**
   * Version of the engine, `major.minor`: `'8.1'`. Say it, and upgrades are yours to decide.
   *
   * @default - valkey 9.1, redis 8.0
   */
  readonly version?: string;

  /**
   * Image of the server, with a tag or a digest: `registry.example/valkey:8.1.4`.
   *
   * A tag that starts with a number must be of `version`; one that does not name a version is taken as it is.
   *
   * @default - the engine's official image of that version
   */
  readonly image?: string;

  /**
   * Names of Secrets with credentials for the registries of both images.
   *
   * @default - none
   */
  readonly imagePullSecrets?: readonly string[];

  /**
   * Number of shards, each with one primary.
   *
   * Minimum: 3, because a majority of primaries decides every failover. Maximum: 500.
   *
   * @default 3
   */
  readonly shards?: number;

  /**
   * Number of replicas of each primary.
   *
   * Minimum: 0, and then nothing takes over when a node is lost. Maximum: 5.
   *
   * @default 1
   */
  readonly replicasPerShard?: number;

  /**
   * What each server reserves and may use.
   *
   * @default - requests 100m and 512Mi, limit 512Mi
   */
  readonly resources?: ResourcesProps;

  /** How clients prove themselves. `off` lets in everybody who reaches the port, and has to be said. */
  readonly auth: 'off' | PasswordAuthProps;

  /** Whether connections are encrypted. `off` sends passwords and data in the clear, and has to be said. */
  readonly tls: 'off' | TlsProps;

  /** Where data is kept. `off` keeps it in memory only, and has to be said. */
  readonly persistence: 'off' | PersistenceProps;

  /**
   * Bytes of data a node holds, as a quantity: `1Gi`. The engine's `maxmemory`.
   *
   * Must leave 10 % of the memory limit, and at least 32Mi: the process, its connections and the replication backlog
   * need memory too.
   *
   * @default - the memory limit less 25 %, at least 32Mi: room for the pages that are copied while a snapshot is
   * written, and for the stream that waits for a slow replica
   */
  readonly maxMemory?: string;

  /**
   * What a full server does with the next write. The engine's `maxmemory-policy`.
   *
   * @default noeviction
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;

  /**
   * Further directives of the engine's configuration file: `{ 'lazyfree-lazy-user-del': 'yes' }`.
   *
   * A value stands as in that file; `yes` and `no` are text. Directives that this library sets itself are refused.
   *
   * @default - none
   */
  readonly directives?: Readonly<Record<string, string | number>>;

  /**
   * Milliseconds after which a node that does not answer counts as lost. The engine's `cluster-node-timeout`.
   *
   * Minimum: 1000. Maximum: 600000.
   *
   * @default 5000
   */
  readonly nodeTimeoutMs?: number;

  /**
   * Seconds that a pod may take to end. A primary with slots to hand over uses them, others do not.
   *
   * Minimum: 60. Part of the pod template: a change replaces every pod.
   *
   * @default 3600
   */
  readonly terminationGracePeriodSeconds?: number;

  /**
   * Domain of the Kubernetes cluster's own names.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;

  /**
   * The agent beside each server.
   *
   * @default - the agent of this package's version
   */
  readonly agent?: AgentProps;

  /**
   * Labels for every object and pod. Never part of a selector.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Annotations for every object and pod. A change of them replaces every pod.
   *
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;

  /**
   * Which nodes of the Kubernetes cluster the pods may run on.
   *
   * @default - any node
   */
  readonly scheduling?: SchedulingProps;
}
