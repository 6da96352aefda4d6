import type { Construct } from 'constructs';

import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { objectNames, ports } from '../contract/names';
import { sentinelSelector, serverSelector } from '../resources/metadata';
import { networkPolicy, type NetworkDestination } from '../resources/network-policy';
import { familyOf, podPorts, type DatabasePlan } from './plan';

/** Who may connect, where the spec says so: one policy for the servers, one for the Sentinels. */
export function addNetworkPolicy(scope: Construct, plan: DatabasePlan): void {
  const { spec, contract } = plan;
  if (!spec.networkPolicy) return;
  const { clients = [{}], scrapers = [{ namespaceLabels: {} }] } = spec.networkPolicy;
  const family = familyOf(plan);
  const names = objectNames(spec.name);
  const exporter = spec.monitoring.exporter;
  const nodes = [...podPorts(plan).map(({ port }) => port), ...(contract.sentinel ? [ports.sentinel] : [])];
  const servers = networkPolicy({
    family,
    name: names.networkPolicy,
    pods: serverSelector(spec.name),
    clients,
    scrapers,
    ports: { clients: [ports.client], scrapers: [ports.agent, ...(exporter ? [exporter.port] : [])], nodes },
    destinations: destinations(plan),
  });
  new k8s.KubeNetworkPolicy(scope, 'network-policy', servers);
  if (!contract.sentinel) return;
  const sentinels = networkPolicy({
    family,
    name: names.sentinelSet,
    pods: sentinelSelector(spec.name),
    clients,
    scrapers,
    ports: { clients: [ports.sentinel], scrapers: [ports.agent], nodes },
    destinations: [],
  });
  new k8s.KubeNetworkPolicy(scope, 'sentinel-network-policy', sentinels);
}

/** Nodes elsewhere, and object stores. */
function destinations({ contract }: DatabasePlan): NetworkDestination[] {
  const stores = [contract.backup?.destination, contract.archive?.destination, contract.restore?.source];
  const elsewhere = [...(contract.replicaOf ? [contract.replicaOf] : []), ...(contract.peers ?? [])];
  const numbers = [
    ...stores.flatMap((store) => (store && 's3' in store ? [portOf(store.s3.endpoint)] : [])),
    ...elsewhere.map(({ port }) => port),
  ];
  return [...new Set(numbers)].map((port) => ({ port }));
}

/** Port of an address like `https://minio.example:9000`; undefined stands for Amazon's. */
function portOf(endpoint = 'https://'): number {
  const [, scheme, port] = /^(https?):\/\/[^:]*(?::(\d+))?$/.exec(endpoint) ?? [];
  return port === undefined ? (scheme === 'http' ? 80 : 443) : Number(port);
}
