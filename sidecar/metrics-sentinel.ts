import { Counter, Gauge, Registry } from 'prom-client';

import { registerActionFigures, registerAgentFigures, type Metrics, type MetricsOptions } from './metrics';
import type { Outcome } from './cycle';
import type { OwnSentinelView, WatchView } from './view';

/** What one look at a Sentinel has shown, and what was done about it. */
export type SentinelPass = Outcome<OwnSentinelView>;

/** What the field's exporters call `redis_sentinel_*`; absent while the Sentinel does not answer or watches nobody. */
const watchFigures: readonly (readonly [name: string, help: string, read: (watch: WatchView) => number])[] = [
  ['keyspace_sentinel_master_status', '1 while the primary answers the Sentinel', ({ lost }) => bit(!lost)],
  ['keyspace_sentinel_master_slaves', 'Replicas that the Sentinel knows', ({ replicas }) => replicas.length],
  ['keyspace_sentinel_master_ok_slaves', 'Those of them that answer it', ({ replicas }) => up(replicas)],
  [
    'keyspace_sentinel_master_sentinels',
    'Sentinels that it knows, and itself',
    ({ sentinels }) => sentinels.length + 1,
  ],
  ['keyspace_sentinel_master_ok_sentinels', 'Those of them that answer, and itself', (watch) => reachable(watch)],
  [
    'keyspace_sentinel_master_ckquorum_status',
    '1 while enough Sentinels answer to find the primary lost and to replace it',
    (watch) => bit(reachable(watch) >= needed(watch)),
  ],
  [
    'keyspace_sentinel_failover_in_progress',
    '1 while the Sentinel carries a failover out',
    ({ changing }) => bit(changing),
  ],
  ['keyspace_sentinel_master_config_epoch', 'Number of the last change of the primary', ({ epoch }) => epoch],
];

const bit = (fact: boolean): number => (fact ? 1 : 0);

const up = (listed: readonly { readonly down: boolean }[]): number => listed.filter(({ down }) => !down).length;

const reachable = ({ sentinels }: WatchView): number => up(sentinels) + 1;

/** As `SENTINEL CKQUORUM` counts: the quorum, and a majority of all that are known. */
const needed = ({ quorum, sentinels }: WatchView): number =>
  Math.max(quorum, Math.floor((sentinels.length + 1) / 2) + 1);

/** The figures of the agent beside a Sentinel. */
export function createSentinelMetrics({ database, node, version }: Omit<MetricsOptions, 'leading'>): Pick<
  Metrics,
  'render' | 'contentType'
> & {
  readonly observe: (pass: SentinelPass) => void;
} {
  const registry = new Registry();
  registry.setDefaultLabels({ database, node });
  registerAgentFigures(registry, version);
  const countActions = registerActionFigures(registry);
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const answers = gauge('keyspace_sentinel_up', '1 while the Sentinel answers its agent');
  const masters = gauge('keyspace_sentinel_masters', '1 while it watches the primary of the database');
  const figures = watchFigures.map(([name, help, read]) => ({ read, gauge: gauge(name, help) }));
  const failovers = new Counter({
    name: 'keyspace_sentinel_failovers_total',
    help: 'Times the Sentinel has come to hold another for the primary, by a failover or a handover',
    registers: [registry],
  });
  let primary: string | undefined;

  function note({ at }: WatchView): void {
    const now = `${at.ip}:${at.client}`;
    if (primary !== undefined && primary !== now) failovers.inc();
    primary = now;
  }

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observe(pass) {
      countActions(pass);
      const { state, watch } = pass.view.own;
      answers.set(bit(state === 'up'));
      masters.set(bit(watch !== undefined));
      if (watch) note(watch);
      for (const { gauge: figure, read } of figures) {
        if (watch) figure.set(read(watch));
        else figure.remove();
      }
    },
  };
}
