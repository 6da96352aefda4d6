import { byNode, lines, named, nodes, rate, type Row } from './dashboard-panel';

const commandRow: Row = {
  title: 'Commands',
  panels: [
    {
      title: 'Commands of each node',
      description: 'Commands a second.',
      type: 'timeseries',
      unit: 'ops',
      targets: lines(byNode(rate('redis_commands_processed_total'))),
    },
    {
      title: 'Commands by name',
      description: 'The ten most frequent.',
      type: 'timeseries',
      unit: 'ops',
      targets: [named('{{cmd}}', `topk(10, sum by (cmd) (${rate('redis_commands_total')}))`)],
    },
    {
      title: 'Time of a command',
      description: 'Mean time in the server, of the ten slowest commands.',
      type: 'timeseries',
      unit: 's',
      targets: [
        named(
          '{{cmd}}',
          `topk(10, sum by (cmd) (${rate('redis_commands_duration_seconds_total')}) / (sum by (cmd) (${rate('redis_commands_total')}) > 0))`,
        ),
      ],
    },
    {
      title: 'Hits',
      description: 'Share of lookups that found their key.',
      type: 'timeseries',
      unit: 'percentunit',
      targets: lines(
        `${byNode(rate('redis_keyspace_hits_total'))} / (${byNode(rate('redis_keyspace_hits_total'))} + ${byNode(rate('redis_keyspace_misses_total'))})`,
      ),
    },
    {
      title: 'Errors',
      description: 'Error replies a second, by their first word.',
      type: 'timeseries',
      unit: 'ops',
      targets: [named('{{err}}', `sum by (err) (${rate('redis_errors_total')})`)],
    },
    {
      title: 'Network',
      description: 'Bytes a second, in and out.',
      type: 'timeseries',
      unit: 'Bps',
      targets: [
        named('{{node}} in', byNode(rate('redis_net_input_bytes_total'))),
        named('{{node}} out', byNode(rate('redis_net_output_bytes_total'))),
      ],
    },
  ],
};

const memoryRow: Row = {
  title: 'Keys and memory',
  panels: [
    {
      title: 'Keys',
      description: 'Keys of each node.',
      type: 'timeseries',
      unit: 'short',
      targets: lines(byNode(`redis_db_keys${nodes}`)),
    },
    {
      title: 'Expired and evicted',
      description: 'Keys a second that ended, and that had to make room.',
      type: 'timeseries',
      unit: 'ops',
      targets: [
        named('{{node}} expired', byNode(rate('redis_expired_keys_total'))),
        named('{{node}} evicted', byNode(rate('redis_evicted_keys_total'))),
      ],
    },
    {
      title: 'Resident memory',
      description: 'What the system has given to the server. Far above what is used: fragmentation.',
      type: 'timeseries',
      unit: 'bytes',
      targets: [
        named('{{node}} resident', byNode(`redis_memory_used_rss_bytes${nodes}`)),
        named('{{node}} used', byNode(`redis_memory_used_bytes${nodes}`)),
      ],
    },
  ],
};

const replicationRow: Row = {
  title: 'Replication',
  panels: [
    {
      title: 'Silence of replicas',
      description: 'Seconds since each replica of the node last confirmed the stream.',
      type: 'timeseries',
      unit: 's',
      targets: [
        named('{{node}} to {{slave_ip}}', `max by (node, slave_ip) (redis_connected_slave_lag_seconds${nodes})`),
      ],
    },
    {
      title: 'Behind the primary',
      description: 'Bytes of the stream that each replica of the node has not confirmed.',
      type: 'timeseries',
      unit: 'bytes',
      targets: [
        named(
          '{{node}} to {{slave_ip}}',
          `max by (node) (redis_master_repl_offset${nodes}) - on (node) group_right max by (node, slave_ip) (redis_connected_slave_offset_bytes${nodes})`,
        ),
      ],
    },
    {
      title: 'Copies',
      description: 'Replicas that got the whole data, and those that only missed a part.',
      type: 'timeseries',
      unit: 'none',
      targets: [
        named('{{node}} whole', byNode(`increase(redis_replica_resyncs_full${nodes}[$__rate_interval])`)),
        named('{{node}} part', byNode(`increase(redis_replica_partial_resync_accepted${nodes}[$__rate_interval])`)),
      ],
    },
  ],
};

const persistenceRow: Row = {
  title: 'Files',
  panels: [
    {
      title: 'Append-only file',
      description: 'Its size on the volume.',
      type: 'timeseries',
      unit: 'bytes',
      targets: lines(byNode(`redis_aof_current_size_bytes${nodes}`)),
    },
    {
      title: 'Writes that waited for the volume',
      description: 'Flushes a second that were late: the volume is too slow.',
      type: 'timeseries',
      unit: 'ops',
      targets: lines(byNode(rate('redis_aof_delayed_fsync'))),
    },
    {
      title: 'Fork',
      description: 'How long the last copy of the process stopped the server.',
      type: 'timeseries',
      unit: 's',
      targets: lines(byNode(`redis_latest_fork_seconds${nodes}`)),
    },
  ],
};

/** What the servers tell of themselves, by way of their exporters. */
export const exporterRows: readonly Row[] = [commandRow, memoryRow, replicationRow, persistenceRow];
