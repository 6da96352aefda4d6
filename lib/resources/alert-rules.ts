import { sentinelAlerts } from './alert-rules-sentinel';
import { sourceAlerts } from './alert-rules-source';

/** Which alerts a database has. */
export interface AlertScope {
  readonly namespace: string;
  readonly database: string;
  /** Names of the shards. */
  readonly shards: readonly string[];
  /** How many nodes there are to be. */
  readonly nodes: number;
  /** Of each shard one node is primary, or all of them are. */
  readonly primaries: 'one' | 'all';
  /** The database follows a primary elsewhere, `HOST:PORT`, and has none of its own. */
  readonly follows?: string;
  /** How many Sentinels watch; absent where there are none to be. */
  readonly sentinels?: number;
  /** Keys make room for others by themselves when memory is full. */
  readonly evicting: boolean;
  /** Nodes have volumes. */
  readonly persistent: boolean;
  /** The servers' own figures are there. */
  readonly exporter: boolean;
}

/** One alert. */
export interface Alert {
  readonly name: string;
  /** When it is true, in PromQL. */
  readonly expr: string;
  /** For how long it has to be true. */
  readonly for: string;
  /** `critical`: somebody has to come now. `warning`: today. */
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  readonly description: string;
}

/** The labels that pick a database's own figures, in braces. */
export type Picker = (...more: readonly string[]) => string;

/**
 * The alerts of a database, worst first. Only what the agents measure themselves, apart from the last ones, which need the
 * exporter or the kubelet.
 */
export function databaseAlerts(scope: AlertScope): readonly Alert[] {
  const { namespace, database } = scope;
  const pick: Picker = (...more) => `{${[`namespace="${namespace}"`, `database="${database}"`, ...more].join(', ')}}`;
  return [
    ...healthAlerts(pick, database),
    ...nodeAlerts(pick, scope),
    ...(scope.follows === undefined ? [] : sourceAlerts(pick, scope, scope.follows)),
    ...(scope.sentinels === undefined ? [] : sentinelAlerts(pick, scope, scope.sentinels)),
    ...(scope.primaries === 'one' && scope.follows === undefined ? primaryAlerts(pick) : []),
    ...(scope.evicting ? [] : memoryAlerts(pick)),
    ...agentAlerts(pick, database),
    ...orderAlerts(pick, database),
    ...(scope.persistent ? volumeAlerts(scope) : []),
    ...(scope.exporter ? exporterAlerts(pick, scope) : []),
  ];
}

const healthAlerts = (pick: Picker, database: string): readonly Alert[] => [
  {
    name: 'KeyspaceDatabaseCritical',
    expr: `max(keyspace_database_health${pick('state="Critical"')}) == 1`,
    for: '1m',
    severity: 'critical',
    summary: `${database} does not serve all of its keys`,
    description: 'Its coordinator has found it Critical for a minute: some keys can be neither read nor written.',
  },
  {
    name: 'KeyspaceDatabaseDegraded',
    expr: `max(keyspace_database_health${pick('state="Degraded"')}) == 1`,
    for: '15m',
    severity: 'warning',
    summary: `${database} serves, but would not survive every failure`,
    description:
      'Its coordinator has found it Degraded for a quarter of an hour: a node is missing, or a replica is not in sync.',
  },
];

const nodeAlerts = (pick: Picker, { database, nodes }: AlertScope): readonly Alert[] => [
  {
    name: 'KeyspaceNodesMissing',
    expr: `(count(keyspace_node_up${pick()}) or vector(0)) < ${nodes}`,
    for: '10m',
    severity: 'warning',
    summary: `{{ $value }} of the ${nodes} nodes of ${database} tell how they are`,
    description: 'The other pods do not run, or Prometheus does not reach the port of their agents.',
  },
  {
    name: 'KeyspaceNodeDown',
    expr: `max by (node) (keyspace_node_up${pick()}) == 0 unless max by (node) (keyspace_node_fenced${pick()}) == 1`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.node }} does not answer its agent',
    description: 'Its server has been down, held back or silent for five minutes. The log of its agent says which.',
  },
  {
    name: 'KeyspaceReplicaDisconnected',
    expr: `max by (node) (keyspace_node_replication_link_up${pick()}) == 0`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.node }} does not follow its primary',
    description: 'The replica has not been connected to its primary for five minutes and falls behind.',
  },
];

const primaryAlerts = (pick: Picker): readonly Alert[] => [
  {
    name: 'KeyspaceShardWithoutPrimary',
    expr: `sum by (shard) (keyspace_node_primary${pick()}) == 0`,
    for: '1m',
    severity: 'critical',
    summary: '{{ $labels.shard }} has no primary',
    description: 'Every node of the shard that answers is a replica: nothing can be written to its keys.',
  },
  {
    name: 'KeyspaceShardWithTwoPrimaries',
    expr: `sum by (shard) (keyspace_node_primary${pick()}) > 1`,
    for: '2m',
    severity: 'critical',
    summary: '{{ $labels.shard }} has {{ $value }} primaries',
    description:
      'Two nodes of one shard have thought themselves primary for two minutes. What one of them takes in may be lost.',
  },
];

const memoryAlerts = (pick: Picker): readonly Alert[] => {
  const share = `max by (node) (keyspace_node_memory_used_bytes${pick()} / (keyspace_node_memory_max_bytes${pick()} > 0))`;
  const summary = '{{ $labels.node }} uses {{ $value | humanizePercentage }} of its memory';
  return [
    {
      name: 'KeyspaceMemoryFull',
      expr: `${share} > 0.97`,
      for: '5m',
      severity: 'critical',
      summary,
      description: 'At its limit the node refuses every write that takes memory.',
    },
    {
      name: 'KeyspaceMemoryHigh',
      expr: `${share} > 0.85`,
      for: '15m',
      severity: 'warning',
      summary,
      description: 'At its limit the node refuses every write that takes memory.',
    },
  ];
};

const agentAlerts = (pick: Picker, database: string): readonly Alert[] => [
  {
    name: 'KeyspaceNoCoordinator',
    expr: `sum(keyspace_coordinator${pick()}) == 0`,
    for: '5m',
    severity: 'warning',
    summary: `no agent acts for ${database}`,
    description: 'No agent has held the Lease for five minutes: nothing that concerns more than one node is repaired.',
  },
  {
    name: 'KeyspaceActionsFailing',
    expr: `sum by (action) (increase(keyspace_action_failures_total${pick()}[10m])) > 3`,
    for: '10m',
    severity: 'warning',
    summary: `the agents of ${database} fail at "{{ $labels.action }}"`,
    description: 'The same action has failed again and again for ten minutes. The log of the coordinator says why.',
  },
];

/** What somebody has ordered, and may have forgotten. */
const orderAlerts = (pick: Picker, database: string): readonly Alert[] => [
  {
    name: 'KeyspaceNodeFenced',
    expr: `max by (node) (keyspace_node_fenced${pick()}) == 1`,
    for: '1h',
    severity: 'warning',
    summary: '{{ $labels.node }} is fenced',
    description:
      'Somebody has taken it out of service an hour ago or longer. Until it is unfenced its shard has a copy less.',
  },
  {
    name: 'KeyspacePaused',
    expr: `max(keyspace_paused${pick()}) == 1`,
    for: '1h',
    severity: 'warning',
    summary: `the agents of ${database} are paused`,
    description: 'Somebody has paused them an hour ago or longer: they repair nothing.',
  },
];

/** Figures of the kubelet, which know volumes and no databases. */
const volumeAlerts = ({ namespace, database, shards }: AlertScope): readonly Alert[] => {
  const names = `data-${database}-(${shards.join('|')})-[0-9]+`;
  const claims = `{namespace="${namespace}", persistentvolumeclaim=~"${names}"}`;
  return [
    {
      name: 'KeyspaceVolumeFull',
      expr: `kubelet_volume_stats_available_bytes${claims} / kubelet_volume_stats_capacity_bytes${claims} < 0.15`,
      for: '5m',
      severity: 'critical',
      summary: '{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its room left',
      description: 'A node that cannot write its files refuses writes.',
    },
  ];
};

const exporterAlerts = (pick: Picker, { persistent }: AlertScope): readonly Alert[] => [
  {
    name: 'KeyspaceExporterBlind',
    expr: `max by (node) (redis_up${pick()}) == 0 and on (node) max by (node) (keyspace_node_up${pick()}) == 1`,
    for: '10m',
    severity: 'warning',
    summary: 'the exporter of {{ $labels.node }} gets no answer',
    description:
      'The server answers its agent and not its exporter: the figures on the dashboard, and the alerts made of them, are missing.',
  },
  {
    name: 'KeyspaceReplicaBehind',
    expr: `max by (node, slave_ip) (redis_connected_slave_lag_seconds${pick()}) > 30`,
    for: '5m',
    severity: 'warning',
    summary: 'a replica of {{ $labels.node }} is {{ $value | humanizeDuration }} behind',
    description: 'The replica at {{ $labels.slave_ip }} has not confirmed the stream of its primary for that long.',
  },
  {
    name: 'KeyspaceFullResyncs',
    expr: `max by (node) (increase(redis_replica_resyncs_full${pick()}[1h])) > 3`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.node }} sends its whole data again and again',
    description:
      'More than three full copies to replicas within an hour: the replication backlog is too small, or a connection breaks off.',
  },
  {
    name: 'KeyspaceConnectionsRejected',
    expr: `max by (node) (increase(redis_rejected_connections_total${pick()}[5m])) > 0`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.node }} turns clients away',
    description: 'It has as many clients as `maxclients` allows.',
  },
  ...(persistent ? persistenceAlerts(pick) : []),
];

const persistenceAlerts = (pick: Picker): readonly Alert[] => [
  {
    name: 'KeyspaceWritesNotPersisted',
    expr: `min by (node) (redis_aof_last_write_status${pick()}) == 0`,
    for: '1m',
    severity: 'critical',
    summary: '{{ $labels.node }} cannot write its append-only file',
    description: 'It refuses writes until it can. The volume is full or broken.',
  },
  {
    name: 'KeyspaceSnapshotFailed',
    expr: `min by (node) (redis_rdb_last_bgsave_status${pick()} * redis_aof_last_bgrewrite_status${pick()}) == 0`,
    for: '15m',
    severity: 'warning',
    summary: '{{ $labels.node }} failed to write a snapshot',
    description:
      'The last snapshot, or the last rewrite of the append-only file, failed: for lack of memory for a copy, or of room on the volume.',
  },
];
