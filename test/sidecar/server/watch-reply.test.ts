/** What Sentinels answer. */
import { parseWatch } from '../../../sidecar/server/watch-reply';

/** As Valkey 8.1 says it, shortened. */
const reply = (fields: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(fields).flatMap(([name, value]) => [name, `${value}`]);

test('the primary is where the Sentinel sends clients, also while it still lists the one before', () => {
  const master = reply({
    ip: '10.0.0.1',
    port: 6379,
    flags: 's_down,o_down,master,failover_in_progress',
    'config-epoch': 7,
    quorum: 2,
    'down-after-milliseconds': 5000,
    'failover-timeout': 60000,
    'parallel-syncs': 1,
  });
  const replica = reply({ ip: '10.0.0.2', port: 6379, flags: 'slave,disconnected,promoted' });
  const other = reply({ ip: '10.0.0.9', port: 26379, runid: 'abc', flags: 'sentinel' });
  expect(parseWatch([master, ['10.0.0.2', '6379'], [replica], [other]])).toEqual({
    at: { ip: '10.0.0.2', client: 6379 },
    epoch: 7,
    changing: true,
    chosen: { ip: '10.0.0.2', client: 6379 },
    lost: true,
    quorum: 2,
    downAfterMs: 5000,
    failoverTimeoutMs: 60_000,
    parallelSyncs: 1,
    replicas: [{ at: { ip: '10.0.0.2', client: 6379 }, down: true }],
    sentinels: [{ at: { ip: '10.0.0.9', client: 26379 }, down: false, id: 'abc' }],
  });
});
