import { networkPolicy, type NetworkPeer, type NetworkPolicyProps } from '../../../lib/resources/network-policy';
import { family, familyLabels } from './support/family';

const props: NetworkPolicyProps = {
  family,
  name: 'orders',
  pods: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/component': 'server' },
  ports: { clients: [6379], scrapers: [8379, 9121], nodes: [6379, 16379, 8379] },
  clients: [{}],
  scrapers: [],
  destinations: [],
};

/** As it is written to YAML. */
const specOf = (change: Partial<NetworkPolicyProps> = {}) => {
  const { spec } = networkPolicy({ ...props, ...change });
  return JSON.parse(
    JSON.stringify(spec, (key, value: unknown) => (key === 'port' ? (value as { value: unknown }).value : value)),
  ) as { ingress: object[]; egress: object[] } & Record<string, unknown>;
};

const tcp = (...numbers: number[]) => numbers.map((port) => ({ port, protocol: 'TCP' }));

const own = {
  podSelector: {
    matchLabels: { 'app.kubernetes.io/instance': 'orders', 'app.kubernetes.io/managed-by': 'cdk8s-keyspace' },
  },
};

test('is about the pods it is given, both ways', () => {
  expect(networkPolicy(props).metadata).toMatchObject({ name: 'orders', labels: familyLabels });
  expect(specOf()).toMatchObject({ podSelector: { matchLabels: props.pods }, policyTypes: ['Ingress', 'Egress'] });
});

test('nodes and jobs of the database reach each other, the cluster bus and the agents too', () => {
  const { ingress, egress } = specOf({ clients: [] });
  expect(ingress).toEqual([{ from: [own], ports: tcp(6379, 16379, 8379) }]);
  expect(egress).toContainEqual({ to: [own], ports: tcp(6379, 16379, 8379) });
});

test('clients reach the client port, and those who read metrics the ports of metrics', () => {
  const clients: NetworkPeer[] = [
    {},
    { podLabels: { app: 'checkout' } },
    { podLabels: {}, namespaceLabels: { 'kubernetes.io/metadata.name': 'web' } },
    { cidr: '192.0.2.0/24', except: ['192.0.2.7/32'] },
  ];
  const scrapers = [{ namespaceLabels: {} }];
  expect(specOf({ clients, scrapers }).ingress.slice(1)).toEqual([
    {
      from: [
        { podSelector: {} },
        { podSelector: { matchLabels: { app: 'checkout' } } },
        {
          podSelector: {},
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } },
        },
        { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.7/32'] } },
      ],
      ports: tcp(6379),
    },
    { from: [{ podSelector: {}, namespaceSelector: {} }], ports: tcp(8379, 9121) },
  ]);
});

test('an empty list lets in nobody: a rule without peers would let in everybody', () => {
  expect(specOf({ clients: [], scrapers: [] }).ingress).toHaveLength(1);
});

test('pods reach name servers, the API server, and what they are told to', () => {
  const destinations = [{ port: 9000, cidr: '192.0.2.0/24' }, { port: 8443 }];
  expect(specOf({ destinations }).egress.slice(1)).toEqual([
    {
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
        { port: 5353, protocol: 'UDP' },
        { port: 5353, protocol: 'TCP' },
      ],
    },
    { ports: tcp(443, 6443) },
    { to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: tcp(9000) },
    { ports: tcp(8443) },
  ]);
});
