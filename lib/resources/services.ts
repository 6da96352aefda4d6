import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { labels, objectNames, ports } from '../contract/names';
import { objectMeta, sentinelSelector, serverSelector, type Family } from './metadata';

/** Who reaches a Service, as in a Service. */
export interface Reach {
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  readonly annotations: Readonly<Record<string, string>>;
  readonly loadBalancerClass?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** What all Services of a database have in common. */
export interface ServiceFamily extends Family {
  /** Port of the Services for clients. */
  readonly servicePort: number;
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
  readonly ipFamilies?: readonly ('IPv4' | 'IPv6')[];
}

/** Which Service for clients. */
export interface ClientServiceProps {
  readonly name: string;
  /** Role of the pods, by the label that the agents keep true; every pod that is ready where it is missing. */
  readonly role?: 'primary' | 'replica';
  /** @default within the Kubernetes cluster */
  readonly reach?: Reach;
}

/** A port of a pod. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

/** A port of every pod, by the name that its container gives it. */
export const namedPort = (name: keyof typeof ports): NamedPort => ({ name, port: ports[name] });

const servicePort = ({ name, port }: NamedPort): k8s.ServicePort => ({
  name,
  port,
  targetPort: k8s.IntOrString.fromString(name),
});

const families = ({ ipFamilyPolicy, ipFamilies }: ServiceFamily): Partial<k8s.ServiceSpec> => ({
  ...(ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy }),
  ...(ipFamilies === undefined ? {} : { ipFamilies: [...ipFamilies] }),
});

function reached(reach: Reach | undefined): Partial<k8s.ServiceSpec> {
  if (reach === undefined || reach.type === 'ClusterIP') return {};
  const { type, loadBalancerClass, loadBalancerSourceRanges, externalTrafficPolicy } = reach;
  return {
    type,
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(loadBalancerSourceRanges === undefined ? {} : { loadBalancerSourceRanges: [...loadBalancerSourceRanges] }),
    ...(externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy }),
  };
}

function serviceMeta(family: Family, name: string, reach?: Reach): k8s.ObjectMeta {
  const metadata = objectMeta(family, name, 'service');
  return { ...metadata, annotations: { ...reach?.annotations, ...metadata.annotations } };
}

/** A name for every pod of a StatefulSet, ready or not: nodes have to find each other before they can be ready. */
const podsService = (
  family: ServiceFamily,
  name: string,
  selector: Record<string, string>,
  named: readonly NamedPort[],
): k8s.KubeServiceProps => ({
  metadata: serviceMeta(family, name),
  spec: {
    clusterIp: 'None',
    publishNotReadyAddresses: true,
    selector,
    ports: named.map(servicePort),
    ...families(family),
  },
});

/** A name for every server pod. */
export const headlessService = (family: ServiceFamily, named: readonly NamedPort[]): k8s.KubeServiceProps =>
  podsService(family, objectNames(family.database).headlessService, serverSelector(family.database), named);

/** A name for every Sentinel. */
export const sentinelHeadlessService = (family: ServiceFamily): k8s.KubeServiceProps =>
  podsService(
    family,
    objectNames(family.database).sentinelHeadlessService,
    sentinelSelector(family.database),
    (['sentinel', 'agent'] as const).map(namedPort),
  );

/** Where clients find nodes that are ready. */
export const clientService = (
  family: ServiceFamily,
  { name, role, reach }: ClientServiceProps,
): k8s.KubeServiceProps => ({
  metadata: serviceMeta(family, name, reach),
  spec: {
    selector: { ...serverSelector(family.database), ...(role === undefined ? {} : { [labels.role]: role }) },
    ports: [{ ...servicePort(namedPort('client')), port: family.servicePort }],
    ...families(family),
    ...reached(reach),
  },
});

/** Where clients ask any Sentinel who is primary. */
export const sentinelService = (family: ServiceFamily): k8s.KubeServiceProps => ({
  metadata: serviceMeta(family, objectNames(family.database).sentinelService),
  spec: {
    selector: sentinelSelector(family.database),
    ports: [servicePort(namedPort('sentinel'))],
    ...families(family),
  },
});

/** Label that a StatefulSet gives each of its pods. */
const podNameLabel = 'statefulset.kubernetes.io/pod-name';

/**
 * An address for one pod that stays when the pod's own does not. Ready or not: a replica that cannot reach its primary
 * never gets ready.
 */
export const nodeService = (
  family: ServiceFamily,
  node: string,
  named: readonly NamedPort[],
): k8s.KubeServiceProps => ({
  metadata: serviceMeta(family, objectNames(family.database).nodeService(node)),
  spec: {
    publishNotReadyAddresses: true,
    selector: { [podNameLabel]: node },
    ports: named.map(servicePort),
    ...families(family),
  },
});

/**
 * As {@link nodeService}, for clients outside the Kubernetes cluster, and for them alone: nodes reach each other inside, and the bus of a
 * cluster asks nobody who he is. `{node}` in annotations is the node's name.
 */
export function externalService(family: ServiceFamily, node: string, reach: Reach): k8s.KubeServiceProps {
  const inside = nodeService(family, node, [namedPort('client')]);
  const own = Object.entries(reach.annotations).map(([key, value]) => [key, value.replaceAll('{node}', node)]);
  const annotations = Object.fromEntries(own) as Record<string, string>;
  return {
    metadata: serviceMeta(family, objectNames(family.database).externalService(node), { ...reach, annotations }),
    // A client keeps its address, and takes no way over another machine.
    spec: { ...inside.spec, externalTrafficPolicy: 'Local', ...reached(reach) },
  };
}
