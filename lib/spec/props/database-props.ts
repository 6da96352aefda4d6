import type { ArchiveProps, BackupProps, RestoreProps } from './backup-props';
import type { AuthProps } from './auth-props';
import type { MonitoringProps } from './monitoring-props';
import type { ModuleProps } from './operations-props';
import type { PersistenceProps } from './persistence-props';
import type { AgentProps, ResourcesProps } from './resources-props';
import type { SchedulingProps } from './scheduling-props';
import type { ExternalAccessProps, NetworkPolicyProps } from './services-props';
import type { TlsProps } from './tls-props';

/** Which server runs. */
export type EngineProp = 'valkey' | 'redis' | 'keydb';

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

/** What every database says, whatever its topology. */
export interface DatabaseProps {
  /**
   * Version of the engine, `major.minor`: `'8.1'`. Say it, and upgrades are yours to decide.
   *
   * @default - valkey 9.1, redis 8.0, keydb 6.3
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
   * When the images are pulled, as in a Kubernetes pod.
   *
   * @default IfNotPresent
   */
  readonly imagePullPolicy?: 'IfNotPresent' | 'Always' | 'Never';

  /**
   * Names of Secrets with credentials for the registries of all images.
   *
   * @default - none
   */
  readonly imagePullSecrets?: readonly string[];

  /**
   * What each server reserves and may use.
   *
   * @default - requests 100m and 512Mi, limit 512Mi
   */
  readonly resources?: ResourcesProps;

  /**
   * How clients prove themselves. `off` lets in everybody who reaches the port, and has to be said.
   *
   * @default - by a password that is made in the Kubernetes cluster
   */
  readonly auth?: 'off' | AuthProps;

  /** Whether connections are encrypted. `off` sends passwords and data in the clear, and has to be said. */
  readonly tls: 'off' | TlsProps;

  /** Where data is kept. `off` keeps it in memory only, and has to be said. */
  readonly persistence: 'off' | PersistenceProps;

  /**
   * Data that a node holds: a quantity of bytes (`1Gi`), or a share of the memory limit (`75%`). The engine's `maxmemory`.
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
   * Modules that each server loads when it starts.
   *
   * @default - none
   */
  readonly modules?: readonly ModuleProps[];

  /**
   * A Service for each node, for clients outside the Kubernetes cluster.
   *
   * @default - none
   */
  readonly externalAccess?: ExternalAccessProps;

  /**
   * Who may reach the database over the network.
   *
   * @default - everybody whom the Kubernetes cluster lets through
   */
  readonly networkPolicy?: NetworkPolicyProps;

  /**
   * Which nodes of the Kubernetes cluster the pods may run on.
   *
   * @default - any node
   */
  readonly scheduling?: SchedulingProps;

  /**
   * Metrics, alerts and a dashboard.
   *
   * @default - the agents' metrics alone
   */
  readonly monitoring?: MonitoringProps;

  /**
   * Copies of the database elsewhere.
   *
   * @default - none
   */
  readonly backup?: BackupProps;

  /**
   * Every write, elsewhere, as it happens.
   *
   * @default - none
   */
  readonly archive?: ArchiveProps;

  /**
   * What a new database starts from. The agents do not bring it there yet: they hold the database until somebody has, and say so.
   *
   * @default - nothing: it starts empty
   */
  readonly restore?: RestoreProps;

  /**
   * Names of nodes that serve nobody until they are taken from this list: `orders-server-1`.
   *
   * @default - none
   */
  readonly fenced?: readonly string[];

  /**
   * What the database is to do: `paused` agents watch and change nothing; a `hibernated` database keeps its volumes and
   * runs no pod.
   *
   * @default running
   */
  readonly state?: 'running' | 'paused' | 'hibernated';

  /**
   * What applies the manifests. With `argocd` they have annotations for order, and those of a `Cluster` a Job before each sync, which waits until the
   * shards that leave are drained.
   *
   * @default argocd
   */
  readonly gitOps?: 'argocd' | 'flux' | 'none';

  /**
   * Seconds that a pod may take to end. A primary with something to hand over uses them, others do not.
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
}
