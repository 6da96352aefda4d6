import { App, Chart } from 'cdk8s';

import { Cluster, MultiMaster, Replication, Sentinel, Standalone, type Database } from '../../../lib';
import { leastProps, ofKind, type Manifest } from '../synthesize';

const { persistence, auth, tls } = leastProps;
const least = { engine: 'valkey', persistence, auth, tls } as const;
const client = { type: 'LoadBalancer' } as const;
const replica = { type: 'NodePort' } as const;

interface Case {
  readonly kind: string;
  readonly make: (chart: Chart) => Database;
  /** The Services of clients that `services` of the spec speaks of, by type. */
  readonly reached: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  {
    kind: 'Standalone',
    make: (chart) => new Standalone(chart, 'orders', { ...least, services: { client } }),
    reached: { 'orders-leader': 'LoadBalancer' },
  },
  {
    kind: 'Replication',
    make: (chart) => new Replication(chart, 'orders', { ...least, services: { client, replica } }),
    reached: { 'orders-leader': 'LoadBalancer', 'orders-replica': 'NodePort' },
  },
  {
    kind: 'Sentinel',
    make: (chart) => new Sentinel(chart, 'orders', { ...least, services: { client, replica } }),
    reached: { 'orders-leader': 'LoadBalancer', 'orders-replica': 'NodePort' },
  },
  {
    kind: 'Cluster',
    make: (chart) => new Cluster(chart, 'orders', { ...least, services: { client, replica } }),
    reached: { orders: 'LoadBalancer', 'orders-replica': 'NodePort' },
  },
  {
    kind: 'MultiMaster',
    make: (chart) => new MultiMaster(chart, 'orders', { ...least, engine: 'keydb', services: { client } }),
    reached: { orders: 'LoadBalancer' },
  },
];

/** Services of server pods, but for those of a single pod. */
function servicesOf(make: Case['make']): Manifest[] {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  make(chart);
  const services = ofKind(chart.toJson() as Manifest[], 'Service');
  return services.filter(({ spec }) => (spec.selector as Selector)['app.kubernetes.io/component'] === 'server');
}

type Selector = Readonly<Record<string, string>>;

const roleOf = ({ spec }: Manifest) => (spec.selector as Selector)['cdk8s-keyspace/role'] ?? 'any';

test.each(cases)('$kind has a Service for each role, for any node, and for every pod by name', ({ make }) => {
  const roles = Object.fromEntries(servicesOf(make).map((service) => [service.metadata.name, roleOf(service)]));
  expect(roles).toMatchObject({
    'orders-leader': 'primary',
    'orders-replica': 'replica',
    'orders-any': 'any',
    'orders-headless': 'any',
  });
});

test.each(cases)('$kind sends clients to a Service of any node where any of them may take writes', ({ kind, make }) => {
  const names = servicesOf(make).map(({ metadata }) => metadata.name);
  expect(names.includes('orders')).toBe(['Cluster', 'MultiMaster'].includes(kind));
});

test.each(cases)('$kind opens the Services that its spec speaks of, and no other', ({ make, reached }) => {
  const open = servicesOf(make).filter(({ spec }) => spec.type !== undefined);
  expect(Object.fromEntries(open.map(({ metadata, spec }) => [metadata.name, spec.type]))).toEqual(reached);
});
