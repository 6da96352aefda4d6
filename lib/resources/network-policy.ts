import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { labels, managedBy } from '../contract/names';
import { objectMeta, type Family } from './metadata';

/** Some pods, or some addresses. */
export type NetworkPeer =
  | {
      readonly podLabels?: Readonly<Record<string, string>>;
      /** Labels of the pods' namespaces; the database's own where there are none. */
      readonly namespaceLabels?: Readonly<Record<string, string>>;
    }
  | { readonly cidr: string; readonly except?: readonly string[] };

/** Somewhere that pods of the database connect to. */
export interface NetworkDestination {
  /** TCP port. */
  readonly port: number;
  /**
   * Range of addresses.
   *
   * @default - anywhere
   */
  readonly cidr?: string;
}

/** What the network policy of some pods depends on. */
export interface NetworkPolicyProps {
  readonly family: Family;
  readonly name: string;
  /** The pods that it is about. */
  readonly pods: Readonly<Record<string, string>>;
  /** Who may connect to which ports; `nodes` are the database's own, and its jobs. Numbers: names of a sidecar's ports are not known to every network. */
  readonly ports: {
    readonly clients: readonly number[];
    readonly scrapers: readonly number[];
    readonly nodes: readonly number[];
  };
  readonly clients: readonly NetworkPeer[];
  readonly scrapers: readonly NetworkPeer[];
  /** Where the pods connect to, beside each other, DNS and the API server. */
  readonly destinations: readonly NetworkDestination[];
}

/**
 * Lets in and out what the database needs, and nothing else. Probes come from the pod's own machine, which policies do not
 * stop: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicy(props: NetworkPolicyProps): k8s.KubeNetworkPolicyProps {
  const { family, ports, clients, scrapers, destinations } = props;
  const own = [{ podSelector: { matchLabels: familySelector(family.database) } }];
  return {
    metadata: objectMeta(family, props.name, 'access'),
    spec: {
      podSelector: { matchLabels: { ...props.pods } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: own, ports: tcp(ports.nodes) },
        ...(clients.length > 0 ? [{ from: clients.map(peer), ports: tcp(ports.clients) }] : []),
        ...(scrapers.length > 0 ? [{ from: scrapers.map(peer), ports: tcp(ports.scrapers) }] : []),
      ],
      egress: [
        { to: own, ports: tcp(ports.nodes) },
        { ports: dnsPorts },
        { ports: tcp(apiServerPorts) },
        ...destinations.map(({ cidr, port }) => ({
          ...(cidr === undefined ? {} : { to: [{ ipBlock: { cidr } }] }),
          ports: tcp([port]),
        })),
      ],
    },
  };
}

/** Lets some pods out to the API server, and nobody in. Its address, not its name, is in every pod's environment. */
export const apiServerOnly = (
  metadata: k8s.ObjectMeta,
  pods: Readonly<Record<string, string>>,
): k8s.KubeNetworkPolicyProps => ({
  metadata,
  spec: {
    podSelector: { matchLabels: { ...pods } },
    policyTypes: ['Ingress', 'Egress'],
    egress: [{ ports: tcp(apiServerPorts) }],
  },
});

/** Every pod of the database: nodes and jobs. An application may call itself an instance of the database's name, but is not managed by us. */
const familySelector = (database: string): Record<string, string> => ({
  [labels.instance]: database,
  [labels.managedBy]: managedBy,
});

/** Name servers answer at the one, and at the other behind their Service where they may not open a low port (OpenShift). */
const dnsPorts = [53, 5353].flatMap((port) =>
  ['UDP', 'TCP'].map((protocol) => ({ port: k8s.IntOrString.fromNumber(port), protocol })),
);

/** The API server's address is in no manifest: its Service, and what is behind it. */
const apiServerPorts = [443, 6443] as const;

const tcp = (numbers: readonly number[]): k8s.NetworkPolicyPort[] =>
  numbers.map((port) => ({ port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }));

function peer(from: NetworkPeer): k8s.NetworkPolicyPeer {
  if ('cidr' in from) {
    return { ipBlock: { cidr: from.cidr, ...(from.except ? { except: [...from.except] } : {}) } };
  }
  const { podLabels = {}, namespaceLabels } = from;
  return {
    podSelector: selector(podLabels),
    ...(namespaceLabels ? { namespaceSelector: selector(namespaceLabels) } : {}),
  };
}

/** Without labels it selects everything. */
const selector = (matchLabels: Readonly<Record<string, string>>): k8s.LabelSelector =>
  Object.keys(matchLabels).length > 0 ? { matchLabels: { ...matchLabels } } : {};
