import { lines, named, nodes, rate, scope, type Row } from './dashboard-panel';

const health = ['Healthy', 'Warning', 'Degraded', 'Critical']
  .map((state, rank) => `max(keyspace_database_health{${scope}, state="${state}"}) * ${rank}`)
  .join(' + ');

const databaseRow: Row = {
  title: 'Database',
  panels: [
    {
      title: 'Health',
      description: 'As its coordinator judges it.',
      type: 'stat',
      unit: 'none',
      targets: [named('health', health)],
      values: { 0: ['Healthy', 'green'], 1: ['Warning', 'yellow'], 2: ['Degraded', 'orange'], 3: ['Critical', 'red'] },
    },
    {
      title: 'Nodes that answer',
      description: 'Servers that answer their agents.',
      type: 'stat',
      unit: 'none',
      targets: [named('nodes', `sum(keyspace_node_up{${scope}})`)],
    },
    {
      title: 'Primaries',
      description: 'Nodes that are primaries.',
      type: 'stat',
      unit: 'none',
      targets: [named('primaries', `sum(keyspace_node_primary{${scope}})`)],
    },
    {
      title: 'Clients',
      description: 'Connections to all nodes.',
      type: 'stat',
      unit: 'none',
      targets: [named('clients', `sum(keyspace_node_connected_clients{${scope}})`)],
    },
  ],
};

const upOrDown = { 0: ['down', 'red'], 1: ['up', 'green'] } as const;

const nodeRow: Row = {
  title: 'Nodes',
  panels: [
    {
      title: 'Up',
      description: 'Whether the server answers its agent.',
      type: 'timeseries',
      unit: 'none',
      targets: lines(`max by (node) (keyspace_node_up${nodes})`),
      values: upOrDown,
    },
    {
      title: 'Primary',
      description: 'Which nodes are primaries. A change is a handover or a failover.',
      type: 'timeseries',
      unit: 'none',
      targets: lines(`max by (node) (keyspace_node_primary${nodes})`),
      values: { 0: ['replica', 'blue'], 1: ['primary', 'purple'] },
    },
    {
      title: 'Memory, of maxmemory',
      description: 'Share of its limit that each node uses.',
      type: 'timeseries',
      unit: 'percentunit',
      targets: lines(
        `max by (node) (keyspace_node_memory_used_bytes${nodes} / (keyspace_node_memory_max_bytes${nodes} > 0))`,
      ),
    },
    {
      title: 'Connection to the primary',
      description: 'Whether each replica is connected to its primary; always up for a primary.',
      type: 'timeseries',
      unit: 'none',
      targets: lines(`min by (node) (keyspace_node_replication_link_up${nodes})`),
      values: upOrDown,
    },
    {
      title: 'Replication stream',
      description: 'Bytes a second that primaries produce and replicas receive.',
      type: 'timeseries',
      unit: 'Bps',
      targets: lines(`max by (node) (deriv(keyspace_node_replication_offset_bytes${nodes}[5m]))`),
    },
    {
      title: 'Clients of each node',
      description: 'Connections.',
      type: 'timeseries',
      unit: 'none',
      targets: lines(`max by (node) (keyspace_node_connected_clients${nodes})`),
    },
  ],
};

const agentRow: Row = {
  title: 'Agents',
  panels: [
    {
      title: 'Coordinator',
      description: 'Which agent acts for the whole database.',
      type: 'timeseries',
      unit: 'none',
      targets: lines(`max by (node) (keyspace_coordinator${nodes})`),
      values: { 0: ['agent', 'blue'], 1: ['coordinator', 'purple'] },
    },
    {
      title: 'Actions',
      description: 'What the agents have done, and what they failed at.',
      type: 'timeseries',
      unit: 'none',
      targets: [
        named('{{action}}', `sum by (action) (increase(keyspace_actions_total${nodes}[$__rate_interval]))`),
        named(
          '{{action}} failed',
          `sum by (action) (increase(keyspace_action_failures_total${nodes}[$__rate_interval]))`,
        ),
      ],
    },
    {
      title: 'Time of a pass',
      description: 'How long it takes to look, plan and act: 99 of 100 passes are quicker.',
      type: 'timeseries',
      unit: 's',
      targets: [
        named(
          '{{cycle}}',
          `histogram_quantile(0.99, sum by (cycle, le) (${rate('keyspace_cycle_duration_seconds_bucket')}))`,
        ),
      ],
    },
  ],
};

/** What the agents tell of a database and its nodes. */
export const agentRows: readonly Row[] = [databaseRow, nodeRow, agentRow];
