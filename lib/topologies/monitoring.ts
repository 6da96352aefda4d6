import type { Construct } from 'constructs';

import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { PodMonitor, PrometheusRule, ServiceMonitor } from '../../imports/monitoring.coreos.com';
import { exporter as exporterNames } from '../contract/names';
import { alertRule } from '../resources/alerts';
import { dashboardConfigMap } from '../resources/dashboard';
import { podMonitor, serviceMonitor, type MonitorProps } from '../resources/monitors';
import { certifiedHost } from './exporter';
import { familyOf, nodesOf, type DatabasePlan } from './plan';

/** Monitor, alerts and dashboard, those of them that the spec asks for. */
export function addMonitoring(scope: Construct, plan: DatabasePlan): void {
  const { spec, contract } = plan;
  const { exporter, scrape, alerts, dashboard } = spec.monitoring;
  const family = familyOf(plan);
  if (scrape?.kind === 'ServiceMonitor') new ServiceMonitor(scope, 'monitor', serviceMonitor(monitor(plan, scrape)));
  if (scrape?.kind === 'PodMonitor') new PodMonitor(scope, 'monitor', podMonitor(monitor(plan, scrape)));
  if (alerts) {
    const props = alertRule({
      ...alerts,
      family,
      namespace: spec.namespace,
      database: spec.name,
      shards: spec.layout.map((shard) => shard.name),
      nodes: spec.state === 'hibernated' ? 0 : nodesOf(plan).length,
      primaries: spec.topology === 'multi-master' ? 'all' : 'one',
      ...(contract.replicaOf ? { follows: `${contract.replicaOf.host}:${contract.replicaOf.port}` } : {}),
      ...(contract.sentinel && spec.state !== 'hibernated' ? { sentinels: contract.sentinel.nodes.length } : {}),
      evicting: spec.maxMemoryPolicy !== 'noeviction',
      persistent: spec.persistence !== 'off',
      exporter: exporter !== undefined,
    });
    new PrometheusRule(scope, 'alerts', props);
  }
  if (!dashboard) return;
  const props = dashboardConfigMap({
    ...dashboard,
    family,
    namespace: spec.namespace,
    exporter: exporter !== undefined,
  });
  new k8s.KubeConfigMap(scope, 'dashboard', props);
}

type Scrape = NonNullable<DatabasePlan['spec']['monitoring']['scrape']>;

function monitor(plan: DatabasePlan, { labels, intervalSeconds }: Scrape): MonitorProps {
  const { spec, contract, files } = plan;
  return {
    family: familyOf(plan),
    ports: ['agent', ...(spec.monitoring.exporter ? [exporterNames.port] : [])],
    labels,
    intervalSeconds,
    sentinels: contract.sentinel !== undefined,
    tls:
      files.certificate === undefined
        ? 'off'
        : { secret: { name: files.certificate }, serverName: certifiedHost(spec) },
  };
}
