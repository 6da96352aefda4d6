import {
  PodMonitorSpecPodMetricsEndpointsScheme,
  ServiceMonitorSpecEndpointsScheme,
  type PodMonitorProps,
  type ServiceMonitorProps,
} from '../../imports/monitoring.coreos.com';
import { labels, managedBy, objectNames, tlsFiles } from '../contract/names';
import { objectMeta, serverSelector, type Family } from './metadata';

/** What a monitor depends on. */
export interface MonitorProps {
  readonly family: Family;
  /** Names of the ports that metrics are read from. */
  readonly ports: readonly string[];
  /** Labels by which Prometheus picks the monitor. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Seconds between two looks.
   *
   * @default - that of Prometheus
   */
  readonly intervalSeconds?: number;
  /** The Secret with the authority, and a name that every certificate covers. */
  readonly tls: 'off' | { readonly secret: { readonly name: string }; readonly serverName: string };
}

/** Has Prometheus read the metrics of every server pod: https://prometheus-operator.dev/docs/api-reference/api/ */
export const podMonitor = (props: MonitorProps): PodMonitorProps => ({
  metadata: monitorMeta(props),
  spec: {
    selector: { matchLabels: serverSelector(props.family.database) },
    podMetricsEndpoints: props.ports.map((port) => ({
      ...endpoint(props, port),
      ...(props.tls === 'off' ? {} : { scheme: PodMonitorSpecPodMetricsEndpointsScheme.HTTPS }),
    })),
  },
});

/** As {@link podMonitor}, by way of the Service that names every pod. Other Services do not have these ports. */
export const serviceMonitor = (props: MonitorProps): ServiceMonitorProps => ({
  metadata: monitorMeta(props),
  spec: {
    selector: { matchLabels: { [labels.instance]: props.family.database, [labels.managedBy]: managedBy } },
    endpoints: props.ports.map((port) => ({
      ...endpoint(props, port),
      ...(props.tls === 'off' ? {} : { scheme: ServiceMonitorSpecEndpointsScheme.HTTPS }),
    })),
  },
});

function monitorMeta({ family, labels: own }: MonitorProps) {
  const metadata = objectMeta(family, objectNames(family.database).monitor, 'monitoring');
  return { ...metadata, labels: { ...own, ...metadata.labels } };
}

const endpoint = ({ intervalSeconds, tls }: MonitorProps, port: string) => ({
  port,
  ...(intervalSeconds === undefined ? {} : { interval: `${intervalSeconds}s` }),
  // Agents say of which database and node they tell; of an exporter, the pod does.
  honorLabels: true,
  relabelings: Object.entries(podLabels).map(([targetLabel, source]) => ({ sourceLabels: [source], targetLabel })),
  ...(tls === 'off' ? {} : { tlsConfig: trust(tls) }),
});

/** Labels that every figure has, whoever exports it, and where they are from. Those beside them are Prometheus' own. */
const podLabels = {
  database: metaLabel(labels.instance),
  shard: metaLabel(labels.shard),
  node: '__meta_kubernetes_pod_name',
} as const;

/** How Prometheus names a label of a pod: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config */
function metaLabel(label: string): string {
  return `__meta_kubernetes_pod_label_${label.replace(/[^a-zA-Z0-9_]/g, '_')}`;
}

const trust = ({ secret, serverName }: Exclude<MonitorProps['tls'], 'off'>) => ({
  ca: { secret: { name: secret.name, key: tlsFiles.authority } },
  serverName,
});
