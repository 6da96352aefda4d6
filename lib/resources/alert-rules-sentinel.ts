import type { Alert, AlertScope, Picker } from './alert-rules';

/** Of a database that is watched by so many Sentinels. */
export const sentinelAlerts = (pick: Picker, { database }: AlertScope, sentinels: number): readonly Alert[] => [
  {
    name: 'KeyspaceSentinelQuorumLost',
    expr: `(max(keyspace_sentinel_master_ckquorum_status${pick()}) or vector(0)) == 0`,
    for: '5m',
    severity: 'critical',
    summary: `Nobody would replace the primary of ${database}`,
    description:
      'For five minutes no Sentinel has been in touch with enough others to find a primary lost and to replace it.',
  },
  {
    name: 'KeyspaceSentinelsMissing',
    expr: `(sum(max by (node) (keyspace_sentinel_up${pick()})) or vector(0)) < ${sentinels}`,
    for: '10m',
    severity: 'warning',
    summary: `{{ $value }} of the ${sentinels} Sentinels of ${database} answer`,
    description: 'The other pods do not run, or Prometheus does not reach the port of their agents.',
  },
];
