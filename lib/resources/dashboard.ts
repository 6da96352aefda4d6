import { createHash } from 'node:crypto';

import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { objectNames } from '../contract/names';
import { agentRows } from './dashboard-agents';
import { exporterRows } from './dashboard-exporters';
import type { Panel, Row } from './dashboard-panel';
import { objectMeta, type Family } from './metadata';

/** What the dashboard depends on. */
export interface DashboardProps {
  readonly family: Family;
  readonly namespace: string;
  /** The servers' own figures are there. */
  readonly exporter: boolean;
  /** Labels by which Grafana's sidecar finds it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A ConfigMap that Grafana's sidecar loads: https://github.com/grafana-community/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards */
export function dashboardConfigMap(props: DashboardProps): k8s.KubeConfigMapProps {
  const { family, namespace } = props;
  const metadata = objectMeta(family, objectNames(family.database).dashboard, 'monitoring');
  return {
    metadata: {
      ...metadata,
      labels: { ...props.labels, ...metadata.labels },
      annotations: { ...props.annotations, ...metadata.annotations },
    },
    // The sidecar puts the files of all namespaces into one folder.
    data: { [`keyspace-${namespace}-${family.database}.json`]: JSON.stringify(dashboard(props), null, 1) + '\n' },
  };
}

/** It opens with the database it was made for; any other can be picked. */
function dashboard({ family, namespace, exporter }: DashboardProps) {
  return {
    // At most 40 characters, and the same for ever: links hold it.
    uid: createHash('sha256').update(`${namespace}/${family.database}`).digest('hex').slice(0, 32),
    title: `${family.database} (${namespace})`,
    tags: ['keyspace', family.engine],
    schemaVersion: 39,
    editable: false,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: variables(namespace, family.database) },
    panels: layOut([...agentRows, ...(exporter ? exporterRows : [])]),
  };
}

const source = { type: 'prometheus', uid: '$source' } as const;

function variables(namespace: string, database: string) {
  const query = (name: string, expr: string, more: object) => ({
    name,
    type: 'query',
    datasource: source,
    query: { query: expr, refId: name },
    refresh: 2,
    sort: 1,
    ...more,
  });
  const chosen = (text: string) => ({ current: { text, value: text } });
  return [
    { name: 'source', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
    query('namespace', 'label_values(keyspace_node_up, namespace)', chosen(namespace)),
    query('database', 'label_values(keyspace_node_up{namespace="$namespace"}, database)', chosen(database)),
    query('node', 'label_values(keyspace_node_up{namespace="$namespace", database="$database"}, node)', {
      multi: true,
      includeAll: true,
      allValue: '.+',
      current: { text: 'All', value: '$__all' },
    }),
  ];
}

/** Width of Grafana's grid. */
const gridWidth = 24;

const sizes = { stat: { w: 6, h: 4 }, timeseries: { w: 8, h: 8 } } as const;

/** Panels of a row from left to right, rows below each other. */
function layOut(all: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of all) {
    panels.push({ id: panels.length + 1, type: 'row', title: row.title, gridPos: { x: 0, y, w: gridWidth, h: 1 } });
    y += 1;
    const { w, h } = sizes[row.panels[0]!.type];
    const columns = gridWidth / w;
    for (const [index, panel] of row.panels.entries()) {
      const gridPos = { x: (index % columns) * w, y: y + Math.floor(index / columns) * h, w, h };
      panels.push({ id: panels.length + 1, gridPos, ...panelModel(panel) });
    }
    y += Math.ceil(row.panels.length / columns) * h;
  }
  return panels;
}

const panelModel = ({ title, description, type, unit, targets, values = {} }: Panel) => ({
  title,
  description,
  type,
  datasource: source,
  fieldConfig: { defaults: { unit, ...mappings(values) }, overrides: [] },
  targets: targets.map(({ expr, legend }, index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: source,
    expr,
    legendFormat: legend,
  })),
});

function mappings(values: NonNullable<Panel['values']>) {
  const options = Object.entries(values).map(([value, [text, color]], index) => [value, { text, color, index }]);
  return options.length === 0 ? {} : { mappings: [{ type: 'value', options: Object.fromEntries(options) as object }] };
}
