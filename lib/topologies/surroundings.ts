import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

import { Certificate } from '../../imports/cert-manager.io';
import { PodMonitor, PrometheusRule, ServiceMonitor } from '../../imports/monitoring.coreos.com';
import { exporter, objectNames, ports } from '../contract/names';
import { alertRule } from '../resources/alerts';
import { databaseCertificate } from '../resources/certificate';
import { dashboardConfigMap } from '../resources/dashboard';
import { serverSelector, type Family } from '../resources/metadata';
import { podMonitor, serviceMonitor } from '../resources/monitors';
import { networkPolicy, type NetworkDestination } from '../resources/network-policy';
import type { AnySpec } from '../spec/read-spec';
import type { DestinationFields } from '../spec/schema/backup-schema';
import { certifiedHost } from './exporter';
import { certificateSecret } from './pod-files';

/** What the surroundings of a database's nodes depend on, beside its spec. */
export interface Surroundings {
  /** Services that clients connect to. */
  readonly clientServices: readonly string[];
  /** Ports of the servers. */
  readonly portNames: readonly ('client' | 'bus')[];
  /**
   * Of each shard one node is primary, or all of them are.
   *
   * @default one
   */
  readonly primaries?: 'one' | 'all';
  /**
   * Ports that nodes connect to elsewhere, beside the stores of backups.
   *
   * @default - none
   */
  readonly elsewhere?: readonly NetworkDestination[];
}

/** Every port of a server's pod, by its name. */
export const podPorts = (
  { monitoring }: AnySpec,
  portNames: Surroundings['portNames'],
): Readonly<Record<string, number>> => ({
  ...Object.fromEntries([...portNames, 'agent' as const].map((name) => [name, ports[name]])),
  ...(monitoring.exporter ? { [exporter.port]: monitoring.exporter.port } : {}),
});

/** Adds what is around the nodes of a database of any topology: what certifies them, who reaches them, what watches them. */
export function addSurroundings(scope: Construct, spec: AnySpec, family: Family, around: Surroundings): void {
  addCertificate(scope, spec, family, around);
  addNetworkPolicy(scope, spec, family, around);
  addMonitor(scope, spec, family);
  const { monitoring, namespace } = spec;
  if (monitoring.alerts) {
    new PrometheusRule(scope, 'alerts', alertRule({ ...alertScope(spec, around), ...monitoring.alerts, family }));
  }
  if (monitoring.dashboard) {
    const props = { ...monitoring.dashboard, family, namespace, exporter: monitoring.exporter !== undefined };
    new k8s.KubeConfigMap(scope, 'dashboard', dashboardConfigMap(props));
  }
}

function addCertificate(scope: Construct, spec: AnySpec, family: Family, { clientServices }: Surroundings): void {
  const { tls, namespace, clusterDomain } = spec;
  if (tls === 'off' || !('issuer' in tls)) return;
  const podService = objectNames(spec.name).headlessService;
  const props = { ...tls, family, namespace, clusterDomain, services: clientServices, podService };
  new Certificate(scope, 'certificate', databaseCertificate(props));
}

function addNetworkPolicy(scope: Construct, spec: AnySpec, family: Family, around: Surroundings): void {
  const { networkPolicy: wanted, backup, archive, restore, monitoring } = spec;
  if (!wanted) return;
  const stores = [backup?.destination, archive?.destination, restore?.source].flatMap(storeDestinations);
  const props = networkPolicy({
    family,
    name: objectNames(spec.name).networkPolicy,
    pods: serverSelector(spec.name),
    ports: {
      clients: [ports.client],
      scrapers: [ports.agent, ...(monitoring.exporter ? [monitoring.exporter.port] : [])],
      nodes: [...around.portNames, 'agent' as const].map((name) => ports[name]),
    },
    clients: wanted.clients ?? [everyPodOfTheNamespace],
    scrapers: wanted.scrapers ?? [everyPod],
    destinations: distinct([...(around.elsewhere ?? []), ...stores]),
  });
  new k8s.KubeNetworkPolicy(scope, 'network-policy', props);
}

const everyPodOfTheNamespace = {};

const everyPod = { namespaceLabels: {} };

/** An object store is known by name, and policies know addresses only: its port is open to anywhere. */
function storeDestinations(destination: DestinationFields | undefined): NetworkDestination[] {
  if (destination === undefined || 'volume' in destination) return [];
  const [, scheme, port] = /^(https?):\/\/[^/]*?(?::(\d+))?$/.exec(destination.s3.endpoint ?? 'https://') ?? [];
  return [{ port: port === undefined ? (scheme === 'http' ? 80 : 443) : Number(port) }];
}

const distinct = (destinations: readonly NetworkDestination[]): NetworkDestination[] => [
  ...new Map(destinations.map((one) => [JSON.stringify(one), one])).values(),
];

function addMonitor(scope: Construct, spec: AnySpec, family: Family): void {
  const { monitoring } = spec;
  if (!monitoring.scrape) return;
  const { kind, ...scrape } = monitoring.scrape;
  const secret = certificateSecret(spec);
  const props = {
    ...scrape,
    family,
    ports: ['agent', ...(monitoring.exporter ? [exporter.port] : [])],
    tls: secret === undefined ? 'off' : { secret: { name: secret }, serverName: certifiedHost(spec) },
  } as const;
  if (kind === 'PodMonitor') new PodMonitor(scope, 'monitor', podMonitor(props));
  else new ServiceMonitor(scope, 'monitor', serviceMonitor(props));
}

const alertScope = (spec: AnySpec, { primaries = 'one' }: Surroundings) => ({
  namespace: spec.namespace,
  database: spec.name,
  shards: spec.layout.map(({ name }) => name),
  nodes: spec.state === 'hibernated' ? 0 : spec.layout.flatMap(({ nodes }) => nodes).length,
  primaries,
  evicting: spec.maxMemoryPolicy !== 'noeviction',
  persistent: spec.persistence !== 'off',
  exporter: spec.monitoring.exporter !== undefined,
});
