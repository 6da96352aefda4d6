import type { ResourcesProps } from './resources-props';

/** What tells people how the database is. The agents' own metrics are there in any case, on port 8379. */
export interface MonitoringProps {
  /**
   * The metrics of each server, in the names that everybody's dashboards use: https://github.com/oliver006/redis_exporter
   *
   * @default - none
   */
  readonly exporter?: ExporterProps;

  /**
   * What the Prometheus operator reads metrics by. Of both agents and exporters.
   *
   * @default - none
   */
  readonly scrape?: ScrapeProps;

  /**
   * A PrometheusRule with an alert for everything that needs a person.
   *
   * @default - none
   */
  readonly alerts?: AlertsProps;

  /**
   * A ConfigMap with a dashboard, which Grafana's sidecar loads.
   *
   * @default - none
   */
  readonly dashboard?: DashboardProps;
}

/** A container beside each server. */
export interface ExporterProps {
  /**
   * Image of the exporter, with a tag or a digest.
   *
   * @default - oliver006/redis_exporter, of a version that goes with this package
   */
  readonly image?: string;

  /**
   * Port of the metrics. Minimum: 1024. Maximum: 65535.
   *
   * @default 9121
   */
  readonly port?: number;

  /**
   * What the exporter reserves and may use.
   *
   * @default - requests 20m and 64Mi, limit 128Mi
   */
  readonly resources?: ResourcesProps;

  /**
   * Further variables of its environment: `{ REDIS_EXPORTER_CHECK_KEYS: 'jobs:*' }`. No secrets.
   *
   * @default - none
   */
  readonly env?: Readonly<Record<string, string>>;
}

/** A ServiceMonitor or a PodMonitor: https://prometheus-operator.dev/docs/api-reference/api/ */
export interface ScrapeProps {
  /** Whether metrics are found through a Service or through the pods. */
  readonly kind: 'ServiceMonitor' | 'PodMonitor';

  /**
   * Labels by which Prometheus picks the monitor.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Seconds between two looks. Minimum: 1. Maximum: 3600.
   *
   * @default - that of Prometheus
   */
  readonly intervalSeconds?: number;
}

/** Alerts. */
export interface AlertsProps {
  /**
   * Labels by which Prometheus picks the rule.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Labels of every alert, by which it finds its way to somebody: `{ team: 'checkout' }`.
   *
   * @default - none
   */
  readonly alertLabels?: Readonly<Record<string, string>>;
}

/** A dashboard of Grafana. */
export interface DashboardProps {
  /**
   * Labels by which Grafana's sidecar finds it.
   *
   * @default - `grafana_dashboard: '1'`
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Annotations, such as the folder: `{ grafana_folder: 'Databases' }`.
   *
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}
