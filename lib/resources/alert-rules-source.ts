import type { Alert, AlertScope, Picker } from './alert-rules';

/** Of a database that follows a primary elsewhere. */
export const sourceAlerts = (pick: Picker, { database }: AlertScope, source: string): readonly Alert[] => [
  {
    name: 'KeyspaceSourceLost',
    expr: `(max(keyspace_source_link_up${pick()}) or vector(0)) == 0`,
    for: '5m',
    severity: 'critical',
    summary: `${database} copies nothing from ${source}`,
    description:
      'For five minutes none of its nodes has had a link to it. What is written there meanwhile is missing here.',
  },
  {
    name: 'KeyspaceSourceLagging',
    expr: `max(keyspace_source_lag_bytes${pick()}) > 67108864`,
    for: '10m',
    severity: 'warning',
    summary: `${database} is {{ $value | humanize1024 }}B behind ${source}`,
    description: 'For ten minutes it has been more than 64 MiB behind: it would lose that much if it took over now.',
  },
];
