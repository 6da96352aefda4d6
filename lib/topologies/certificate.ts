import type { Construct } from 'constructs';

import { Certificate } from '../../imports/cert-manager.io';
import { objectNames } from '../contract/names';
import { databaseCertificate } from '../resources/certificate';
import { serviceHost } from '../spec/layout';
import { familyOf, nodesOf, type DatabasePlan } from './plan';

/** The certificate of a database that has an issuer. */
export function addCertificate(scope: Construct, plan: DatabasePlan): void {
  const { tls, namespace, clusterDomain, name } = plan.spec;
  if (tls === 'off' || !('issuer' in tls)) return;
  const names = objectNames(name);
  const props = databaseCertificate({
    ...tls,
    family: familyOf(plan),
    namespace,
    clusterDomain,
    services: [...plan.clientServices.map((service) => service.name), ...sentinelServices(plan)],
    podService: names.headlessService,
    dnsNames: [...sentinelHosts(plan), ...externalHosts(plan), ...tls.dnsNames],
  });
  new Certificate(scope, 'certificate', props);
}

/** Services that nodes and Sentinels announce, and the one by which Sentinels are asked. */
function sentinelServices({ spec, contract }: DatabasePlan): string[] {
  if (!contract.sentinel) return [];
  const nodes = [...contract.shards.flatMap((shard) => shard.nodes), ...contract.sentinel.nodes];
  const names = objectNames(spec.name);
  return [names.sentinelService, ...nodes.map((node) => names.nodeService(node.name))];
}

const sentinelHosts = ({ spec, contract }: DatabasePlan): string[] =>
  contract.sentinel ? [serviceHost(`*.${objectNames(spec.name).sentinelHeadlessService}`, spec)] : [];

/** Names under which nodes are known outside the Kubernetes cluster. */
function externalHosts(plan: DatabasePlan): string[] {
  const host = plan.spec.externalAccess?.host;
  if (host === undefined) return [];
  return nodesOf(plan).map((node) => host.replaceAll('{node}', node));
}
