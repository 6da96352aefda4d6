import { podMonitor, serviceMonitor, type MonitorProps } from '../../../lib/resources/monitors';
import { family, familyLabels } from './support/family';

const props: MonitorProps = { family, ports: ['agent', 'exporter'], labels: { release: 'prometheus' }, tls: 'off' };

const relabelings = [
  { sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_instance'], targetLabel: 'database' },
  { sourceLabels: ['__meta_kubernetes_pod_label_cdk8s_keyspace_shard'], targetLabel: 'shard' },
  { sourceLabels: ['__meta_kubernetes_pod_name'], targetLabel: 'node' },
];

test('reads agent and exporter of every server pod, and says of which node', () => {
  expect(podMonitor(props).spec).toEqual({
    selector: { matchLabels: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/component': 'server' } },
    podMetricsEndpoints: [
      { port: 'agent', honorLabels: true, relabelings },
      { port: 'exporter', honorLabels: true, relabelings },
    ],
  });
});

test('finds the same through the Services of the database, and of no other', () => {
  expect(serviceMonitor(props).spec).toEqual({
    selector: {
      matchLabels: {
        'app.kubernetes.io/instance': 'orders',
        'app.kubernetes.io/managed-by': 'cdk8s-keyspace',
      },
    },
    endpoints: [
      { port: 'agent', honorLabels: true, relabelings },
      { port: 'exporter', honorLabels: true, relabelings },
    ],
  });
});

test('reads the agents beside Sentinels too, and every pod once although it has a Service of its own', () => {
  expect(podMonitor({ ...props, sentinels: true }).spec.selector).toEqual({
    matchLabels: { 'app.kubernetes.io/instance': 'orders' },
    matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['server', 'sentinel'] }],
  });
  const keep = {
    action: 'keep',
    sourceLabels: ['__meta_kubernetes_service_name'],
    regex: 'orders-headless|orders-sentinel-headless',
  };
  expect(serviceMonitor({ ...props, sentinels: true }).spec.endpoints.map((one) => one.relabelings)).toEqual([
    [keep, ...relabelings],
    [keep, ...relabelings],
  ]);
});

test('carries the labels by which Prometheus picks it, which do not pass for ours', () => {
  const labels = { release: 'prometheus', 'app.kubernetes.io/instance': 'other' };
  for (const monitor of [podMonitor, serviceMonitor]) {
    const { metadata } = monitor({ ...props, labels });
    expect(metadata).toMatchObject({ name: 'orders', labels: { release: 'prometheus', ...familyLabels } });
  }
});

test('speaks HTTPS where agents do, and trusts no more than their authority', () => {
  const tls = { secret: { name: 'orders-tls' }, serverName: 'orders.shop.svc.cluster.local' };
  const change = { ...props, ports: ['agent'], intervalSeconds: 15, tls };
  const endpoint = {
    port: 'agent',
    interval: '15s',
    scheme: 'https',
    honorLabels: true,
    relabelings,
    tlsConfig: { ca: { secret: { name: 'orders-tls', key: 'ca.crt' } }, serverName: 'orders.shop.svc.cluster.local' },
  };
  expect(podMonitor(change).spec.podMetricsEndpoints).toEqual([endpoint]);
  expect(serviceMonitor(change).spec.endpoints).toEqual([endpoint]);
});
