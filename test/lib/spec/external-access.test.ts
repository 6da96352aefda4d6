/** Clients outside who are to be sent to single nodes: what is made for them, and what is refused because no engine could do it. */
import { App, Chart } from 'cdk8s';

import {
  Cluster,
  Replication,
  Sentinel,
  type ClusterProps,
  type Database,
  type ExternalAccessProps,
  type ReplicationProps,
} from '../../../lib';
import { leastProps, named, ofKind, synthesize, type Manifest } from '../synthesize';

const chart = (): Chart => new Chart(new App(), 'shop', { namespace: 'shop' });
const cluster = (props: Partial<ClusterProps>) => (): Database =>
  new Cluster(chart(), 'orders', { ...leastProps, ...props });

const { persistence, auth, tls } = leastProps;
const least = { engine: 'valkey', persistence, auth, tls } as const satisfies ReplicationProps;
const byPort: ExternalAccessProps = { type: 'NodePort' };
const byBalancer: ExternalAccessProps = { type: 'LoadBalancer' };
const issued = { issuer: { name: 'ca' }, clientCertificates: 'off' } as const;

test.each([
  [
    'the port of nodes is that of clients',
    cluster({ version: '8.1', externalAccess: byPort }),
    'externalAccess.type: must be "LoadBalancer" with valkey 8.1, got "NodePort"; its nodes tell clients the port that they use among themselves, which a node port is not: valkey 9.0 and later can',
  ],
  [
    'nodes announce addresses only',
    cluster({ engine: 'keydb', version: '6.3', externalAccess: byBalancer }),
    'externalAccess: must not be with keydb 6.3; its nodes tell clients the addresses that they use among themselves: use a newer version',
  ],
  [
    'certificates hold names',
    cluster({ tls: issued, externalAccess: byBalancer }),
    'externalAccess.host: must be set with "tls.issuer"; its certificate holds names',
  ],
  [
    'Sentinels know one address of each node',
    (): Database => new Sentinel(chart(), 'orders', { ...least, externalAccess: byBalancer }),
    'externalAccess: must not be; Sentinels tell clients the addresses at which they and the replicas find the nodes themselves, and there is one of each: clients outside reach the primary through "services.client"',
  ],
])('refused where %s', (_why, make, message) => {
  expect(make).toThrow(message);
});

test.each([
  [
    'a load balancer, from the first version that announces names',
    { engine: 'redis', version: '7.0', externalAccess: byBalancer },
  ],
  ['node ports', { version: '9.0', externalAccess: byPort }],
  ['certificates that hold the names', { tls: issued, externalAccess: { ...byBalancer, host: '{node}.example.com' } }],
] as const)('taken with %s', (_what, props) => {
  expect(cluster(props)).not.toThrow();
});

const serviceOf = (manifests: readonly Manifest[], node: string) =>
  named(manifests, 'Service', `${node}-external`).spec;
const grants = (manifests: readonly Manifest[]) =>
  (
    named(manifests, 'Role', 'orders-agent') as unknown as {
      rules: { resources: string[]; resourceNames?: string[] }[];
    }
  ).rules;

test('opens the port for clients of each node and never its bus, and agents may read these Services and no others', () => {
  const manifests = synthesize({ externalAccess: byPort });
  const external = ofKind(manifests, 'Service').filter(({ metadata }) => metadata.name.endsWith('-external'));
  expect(external).toHaveLength(6);
  expect(serviceOf(manifests, 'orders-shard-0-1')).toMatchObject({
    type: 'NodePort',
    ports: [{ name: 'client', port: 6379 }],
  });
  expect(serviceOf(manifests, 'orders-shard-0-1').ports).toHaveLength(1);
  const services = grants(manifests).filter(({ resources }) => resources.includes('services'));
  expect(services).toMatchObject([{ verbs: ['get'], resourceNames: external.map(({ metadata }) => metadata.name) }]);
});

test('where clients are told of no other node there is a Service of each, and nothing for agents to read', () => {
  const scope = chart();
  new Replication(scope, 'orders', { ...least, externalAccess: byPort });
  const manifests = scope.toJson() as Manifest[];
  expect(serviceOf(manifests, 'orders-server-1').type).toBe('NodePort');
  expect(grants(manifests).filter(({ resources }) => resources.includes('services'))).toEqual([]);
});

test('nodes say names instead of addresses as soon as clients come from outside', () => {
  const text = (props: Partial<ClusterProps>) =>
    (named(synthesize(props), 'ConfigMap', 'orders-server').data as Record<string, string>)['server.conf'];
  expect(text({})).toContain('\ncluster-preferred-endpoint-type ip\n');
  expect(text({ externalAccess: byPort })).toContain('\ncluster-preferred-endpoint-type hostname\n');
});
