import {
  PodMonitorSpecPodMetricsEndpointsScheme,
  ServiceMonitorSpecEndpointsRelabelingsAction,
  ServiceMonitorSpecEndpointsScheme,
  type PodMonitorProps,
  type ServiceMonitorProps,
} from '../../imports/monitoring.coreos.com';
import { labels, managedBy, objectNames, sentinelComponent, serverComponent, tlsFiles } from '../contract/names';
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
  /** Sentinels watch the database, and their agents are read too. @default false */
  readonly sentinels?: boolean;
  /** The Secret with the authority, and a name that every certificate covers. */
  readonly tls: 'off' | { readonly secret: { readonly name: string }; readonly serverName: string };
}

/** Has Prometheus read the metrics of every server pod: https://prometheus-operator.dev/docs/api-reference/api/ */
export const podMonitor = (props: MonitorProps): PodMonitorProps => ({
  metadata: monitorMeta(props),
  spec: {
    selector: podSelector(props),
    podMetricsEndpoints: props.ports.map((port) => ({
      ...endpoint(props, port),
      ...(props.tls === 'off' ? {} : { scheme: PodMonitorSpecPodMetricsEndpointsScheme.HTTPS }),
    })),
  },
});

/** Sentinels have no exporter: a pod without the port is left out. */
const podSelector = ({ family, sentinels = false }: MonitorProps) =>
  sentinels
    ? {
        matchLabels: { [labels.instance]: family.database },
        matchExpressions: [{ key: labels.component, operator: 'In', values: [serverComponent, sentinelComponent] }],
      }
    : { matchLabels: serverSelector(family.database) };

/** As {@link podMonitor}, by way of the Services that name every pod. */
export const serviceMonitor = (props: MonitorProps): ServiceMonitorProps => ({
  metadata: monitorMeta(props),
  spec: {
    selector: { matchLabels: { [labels.instance]: props.family.database, [labels.managedBy]: managedBy } },
    endpoints: props.ports.map((port) => ({
      ...withRelabelings(endpoint(props, port), onceEach(props)),
      ...(props.tls === 'off' ? {} : { scheme: ServiceMonitorSpecEndpointsScheme.HTTPS }),
    })),
  },
});

/** Where each pod has a Service of its own beside that, it would be read twice, and count twice. Others do not have these ports. */
function onceEach({ family, sentinels = false }: MonitorProps) {
  const { headlessService, sentinelHeadlessService } = objectNames(family.database);
  const regex = `${headlessService}|${sentinelHeadlessService}`;
  const action = ServiceMonitorSpecEndpointsRelabelingsAction.KEEP;
  return sentinels ? [{ action, sourceLabels: ['__meta_kubernetes_service_name'], regex }] : [];
}

const withRelabelings = <E extends { readonly relabelings: readonly object[] }, R>(of: E, first: readonly R[]) => ({
  ...of,
  relabelings: [...first, ...of.relabelings],
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
