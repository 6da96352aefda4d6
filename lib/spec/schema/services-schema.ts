import * as z from 'zod';

import { addressRange } from '../address-range';
import { annotationMap, block, listOf, oneOf, selector, text } from '../fields';
import { must } from '../problems';
import { nodeHost, port } from '../time-and-place';

const addressRanges = listOf('ranges of addresses', addressRange);

const loadBalancer = {
  loadBalancerClass: text('the class of a load balancer').optional(),
  loadBalancerSourceRanges: addressRanges.optional(),
};

const service = block('{ type, annotations, loadBalancerClass, loadBalancerSourceRanges, externalTrafficPolicy }', {
  type: oneOf(['ClusterIP', 'NodePort', 'LoadBalancer']).default('ClusterIP'),
  annotations: annotationMap.default({}),
  ...loadBalancer,
  externalTrafficPolicy: oneOf(['Cluster', 'Local']).optional(),
});

/** {@link ServiceProps} with its defaults. */
export type ServiceFields = z.output<typeof service>;

const serviceFields = {
  port: port.default(6379),
  client: service.prefault({}),
  ipFamilyPolicy: oneOf(['SingleStack', 'PreferDualStack', 'RequireDualStack']).optional(),
  ipFamilies: listOf('address families', oneOf(['IPv4', 'IPv6'])).optional(),
};

/** See {@link ServicesProps}. */
export const services = block('{ port, client, ipFamilyPolicy, ipFamilies }', serviceFields).prefault({});

/** See {@link ReplicatedServicesProps}. */
export const replicatedServices = block('{ port, client, replica, ipFamilyPolicy, ipFamilies }', {
  ...serviceFields,
  replica: service.prefault({}),
}).prefault({});

/** See {@link ExternalAccessProps}. */
export const externalAccess = block('{ type, host, annotations, loadBalancerClass, loadBalancerSourceRanges }', {
  type: oneOf(['NodePort', 'LoadBalancer']),
  host: nodeHost.optional(),
  annotations: annotationMap.default({}),
  ...loadBalancer,
});

const peer = z.union(
  [
    block('{ podLabels, namespaceLabels }', {
      podLabels: selector.optional(),
      namespaceLabels: selector.optional(),
    }),
    block('{ cidr, except }', { cidr: addressRange, except: addressRanges.optional() }),
  ],
  { error: must('{ podLabels, namespaceLabels } or { cidr, except }') },
);

const peers = listOf('peers: { podLabels, namespaceLabels } or { cidr, except }', peer).optional();

/** See {@link NetworkPolicyProps}. */
export const networkPolicy = block('{ clients, scrapers }', { clients: peers, scrapers: peers });
