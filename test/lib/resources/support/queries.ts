import { createMetrics } from '../../../../sidecar/metrics';
import { createSentinelMetrics } from '../../../../sidecar/metrics-sentinel';
import { exporterFigures } from './exporter-figures';

/** What the kubelet exports of volumes: https://kubernetes.io/docs/reference/instrumentation/metrics/ */
const kubeletFigures = ['kubelet_volume_stats_available_bytes', 'kubelet_volume_stats_capacity_bytes'];

/** Every name under which Prometheus finds a figure that somebody exports. */
export async function knownFigures(): Promise<ReadonlySet<string>> {
  const names = { database: 'orders', node: 'orders-0-0', version: '0.1.0' };
  const beside = [createMetrics({ ...names, leading: () => true }), createSentinelMetrics(names)];
  const text = (await Promise.all(beside.map((metrics) => metrics.render()))).join('\n');
  const agents = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? [`${name!}_bucket`, `${name!}_sum`, `${name!}_count`] : [name!],
  );
  return new Set([...agents, ...exporterFigures, ...kubeletFigures]);
}

/**
 * The figures that a query asks for.
 *
 * @param query PromQL; variables of Grafana are filled in
 * @returns rejects where it is none
 */
export async function figuresOf(query: string): Promise<string[]> {
  const { parser } = await import('@prometheus-io/lezer-promql');
  const text = query.replaceAll('$__rate_interval', '5m');
  const names: string[] = [];
  parser.parse(text).iterate({
    enter({ type, name, from, node }) {
      if (type.isError) throw new Error(`not PromQL from character ${from} on: ${text}`);
      const identifier = name === 'VectorSelector' ? node.getChild('Identifier') : null;
      if (identifier) names.push(text.slice(identifier.from, identifier.to));
    },
  });
  return names;
}
