/** What is around the nodes of a database: certificates, network policies, monitoring. */
import { parseAgentConfig } from '../../lib/contract/agent-config';
import type { ClusterProps, S3Props } from '../../lib';
import { named, ofKind, synthesize, type Manifest } from './synthesize';

const around = ['Certificate', 'NetworkPolicy', 'PodMonitor', 'ServiceMonitor', 'PrometheusRule'];

const kinds = (props: Partial<ClusterProps> = {}): string[] =>
  synthesize(props)
    .map(({ kind }) => kind)
    .filter((kind) => around.includes(kind));

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

interface Pod {
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
}

const podOf = (manifests: readonly Manifest[]) =>
  named(manifests, 'StatefulSet', 'orders-shard-0').spec.template.spec as Pod;

const exporterOf = (props: Partial<ClusterProps> = {}) =>
  podOf(synthesize({ monitoring: { exporter: {} }, ...props })).containers.find(({ name }) => name === 'exporter');

const contractOf = (props: Partial<ClusterProps>) => {
  const data = named(synthesize(props), 'ConfigMap', 'orders-agent').data as Record<string, string>;
  return parseAgentConfig((key) => data[key]);
};

const issuer = { issuer: { name: 'internal' }, clientCertificates: 'optional' } as const;

test('there is nothing around a database whose spec asks for nothing', () => {
  expect(kinds()).toEqual([]);
  expect(kinds({ tls: { secret: { name: 'mine' }, clientCertificates: 'off' } })).toEqual([]);
  expect(kinds({ monitoring: { exporter: {} } })).toEqual([]);
});

describe('a certificate', () => {
  test('is asked for where the spec names an issuer, and mounted into every pod', () => {
    const manifests = synthesize({ tls: issuer });
    const { spec } = named(manifests, 'Certificate', 'orders-tls');
    expect(spec.issuerRef).toEqual({ name: 'internal', kind: 'Issuer', group: 'cert-manager.io' });
    expect(spec.dnsNames).toEqual(
      expect.arrayContaining([
        'orders.shop.svc.cluster.local',
        'orders-replica.shop.svc.cluster.local',
        '*.orders-headless.shop.svc.cluster.local',
      ]),
    );
    expect(podOf(manifests).volumes).toContainEqual({
      name: 'tls',
      secret: { secretName: 'orders-tls', defaultMode: 0o440 },
    });
  });
});

describe('an exporter', () => {
  test('has a password of its own, which the agent writes and nobody else sees', () => {
    const { containers, initContainers, volumes } = podOf(synthesize({ monitoring: { exporter: {} } }));
    const mounts = (container: Container) => container.volumeMounts.filter(({ name }) => name === 'exporter');
    expect(containers.map(({ name }) => name)).toEqual(['server', 'exporter']);
    expect(volumes.find(({ name }) => name === 'exporter')).toEqual({
      name: 'exporter',
      emptyDir: { medium: 'Memory', sizeLimit: '1Mi' },
    });
    expect([...initContainers, ...containers].map(mounts)).toEqual([
      [{ name: 'exporter', mountPath: '/run/keyspace-exporter' }],
      [],
      [{ name: 'exporter', mountPath: '/run/keyspace-exporter', readOnly: true }],
    ]);
  });

  test('sees nothing else of the pod', () => {
    expect(exporterOf()?.volumeMounts).toHaveLength(1);
    expect(exporterOf({ auth: 'off' })?.volumeMounts).toEqual([]);
    expect(exporterOf({ tls: issuer })?.volumeMounts.map(({ name }) => name)).toEqual(['tls', 'exporter']);
  });

  test.each([
    ['off', 'redis://localhost:6379'],
    [issuer, 'rediss://localhost:6379'],
  ] as const)('with tls %j it calls the server what the agent calls it', (tls, address) => {
    const monitoring = { exporter: {} };
    const exporter = { user: 'keyspace-exporter', passwordsFile: '/run/keyspace-exporter/passwords.json', address };
    expect(contractOf({ tls, monitoring }).auth).toMatchObject({ exporter });
    expect(exporterOf({ tls })?.env).toContainEqual({ name: 'REDIS_ADDR', value: address });
  });

  test('needs no password where nobody is asked for one', () => {
    expect(contractOf({ auth: 'off', monitoring: { exporter: {} } }).auth).toBe('off');
    expect(contractOf({}).auth).not.toHaveProperty('exporter');
  });

  test('is found by name in the Service of all pods, at the port of the spec', () => {
    const { spec } = named(synthesize({ monitoring: { exporter: { port: 9200 } } }), 'Service', 'orders-headless');
    expect(spec.ports).toContainEqual({ name: 'exporter', port: 9200, targetPort: 'exporter' });
  });
});

describe('monitoring', () => {
  test.each(['PodMonitor', 'ServiceMonitor'] as const)(
    'by a %s reads agents, and exporters where there are any',
    (kind) => {
      const portsOf = (monitoring: ClusterProps['monitoring']) => {
        const { spec } = named(synthesize({ monitoring }), kind, 'orders');
        const endpoints = (spec.podMetricsEndpoints ?? spec.endpoints) as readonly { readonly port: string }[];
        return endpoints.map(({ port }) => port);
      };
      expect(portsOf({ scrape: { kind } })).toEqual(['agent']);
      expect(portsOf({ scrape: { kind }, exporter: {} })).toEqual(['agent', 'exporter']);
    },
  );

  test('with TLS is certified by a name that the certificate of every node has to hold', () => {
    const [{ spec }] = ofKind(
      synthesize({ tls: issuer, monitoring: { scrape: { kind: 'PodMonitor' } } }),
      'PodMonitor',
    ) as [Manifest];
    expect(spec.podMetricsEndpoints).toMatchObject([
      {
        scheme: 'https',
        tlsConfig: {
          ca: { secret: { name: 'orders-tls', key: 'ca.crt' } },
          serverName: 'orders-shard-0-0.orders-headless.shop.svc.cluster.local',
        },
      },
    ]);
  });

  const alertsOf = (props: Partial<ClusterProps>) => JSON.stringify(ofKind(synthesize(props), 'PrometheusRule'));

  test('expects the nodes that there are to be', () => {
    const monitoring = { alerts: {} };
    expect(alertsOf({ monitoring, shards: 4, replicasPerShard: 2 })).toContain('or vector(0)) < 12');
    expect(alertsOf({ monitoring, state: 'hibernated' })).toContain('or vector(0)) < 0');
  });

  test('of a cache in memory asks for no room', () => {
    const monitoring = { alerts: {} };
    expect(alertsOf({ monitoring })).toMatch(/KeyspaceMemoryFull.*KeyspaceVolumeFull/);
    const cache = alertsOf({ monitoring, maxMemoryPolicy: 'allkeys-lru', persistence: 'off' });
    expect(cache).not.toMatch(/KeyspaceMemory|KeyspaceVolume/);
  });
});

describe('a network policy', () => {
  const specOf = (props: Partial<ClusterProps>) =>
    named(synthesize(props), 'NetworkPolicy', 'orders').spec as unknown as { ingress: object[]; egress: object[] };
  const tcp = (...numbers: number[]) => numbers.map((port) => ({ port, protocol: 'TCP' }));

  test('that names nobody lets in clients of the namespace, and lets everybody read metrics', () => {
    const { ingress } = specOf({ networkPolicy: {}, monitoring: { exporter: {} } });
    expect(ingress.slice(1)).toEqual([
      { from: [{ podSelector: {} }], ports: tcp(6379) },
      { from: [{ podSelector: {}, namespaceSelector: {} }], ports: tcp(8379, 9121) },
    ]);
  });

  test('that names an empty list lets in nobody', () => {
    expect(specOf({ networkPolicy: { clients: [], scrapers: [] } }).ingress).toHaveLength(1);
  });

  test.each([
    ['http://minio.backup:9000', 9000],
    ['http://minio.backup', 80],
    ['https://minio.backup', 443],
    [undefined, 443],
  ])('lets the agents reach a store of backups at %s', (endpoint, port) => {
    const s3: S3Props = { bucket: 'backups', credentials: { name: 'store' }, ...(endpoint ? { endpoint } : {}) };
    const stores = { backup: { destination: { s3 } }, archive: { destination: { s3 } } };
    const { egress } = specOf({ networkPolicy: {}, ...stores });
    expect(egress.slice(3)).toEqual([{ ports: tcp(port) }]);
  });
});

test.each(['flux', 'none'] as const)('nothing is said to Argo CD where %s applies the manifests', (gitOps) => {
  expect(JSON.stringify(synthesize({ gitOps }))).not.toContain('argocd');
});
