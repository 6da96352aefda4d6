/** The Services of a database. */
export interface ServicesProps {
  /**
   * Port of every Service for clients. The pods themselves always listen on 6379. Minimum: 1. Maximum: 65535.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * The Service that clients connect to first: `<name>` in topology `cluster` and `multi-master`, else `<name>-leader`,
   * which is the primary.
   *
   * @default - within the Kubernetes cluster
   */
  readonly client?: ServiceProps;

  /**
   * Address families of all Services: one, two where the Kubernetes cluster has them, or two in any case.
   *
   * @default - that of the Kubernetes cluster
   */
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';

  /**
   * The families, the first one first.
   *
   * @default - those of the Kubernetes cluster
   */
  readonly ipFamilies?: readonly ('IPv4' | 'IPv6')[];
}

/** The Services of a database with replicas. */
export interface ReplicatedServicesProps extends ServicesProps {
  /**
   * The Service of the replicas, `<name>-replica`. Where there are none, nobody answers.
   *
   * @default - within the Kubernetes cluster
   */
  readonly replica?: ServiceProps;
}

/** Who reaches a Service. */
export interface ServiceProps {
  /**
   * Where the Service is reached from: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
   *
   * @default ClusterIP
   */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';

  /**
   * Annotations of the Service, as load balancers read them.
   *
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;

  /**
   * Who makes the load balancer. Only with type `LoadBalancer`.
   *
   * @default - the Kubernetes cluster's own
   */
  readonly loadBalancerClass?: string;

  /**
   * Addresses that the load balancer lets in, as `10.0.0.0/8`. Only with type `LoadBalancer`.
   *
   * @default - everybody
   */
  readonly loadBalancerSourceRanges?: readonly string[];

  /**
   * `Local` keeps the client's address, and reaches only pods on the node that was asked. Not with type `ClusterIP`.
   *
   * @default - Kubernetes': `Cluster`
   */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/**
 * A Service for each node, for clients outside the Kubernetes cluster. In a `Cluster` the nodes send every client there, also one
 * inside; among themselves they stay where they are. `LoadBalancer` takes an engine that announces names, `NodePort` Valkey 9.0.
 */
export interface ExternalAccessProps {
  /** How nodes are reached from outside. */
  readonly type: 'NodePort' | 'LoadBalancer';

  /**
   * Host name of a node, in which `{node}` stands for the node's name: `{node}.db.example.com`.
   *
   * @default - the address that the load balancer gives; with `NodePort`, that of the Kubernetes node the pod runs on
   */
  readonly host?: string;

  /**
   * Annotations of the Services, in whose values `{node}` stands for the node's name.
   *
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;

  /**
   * Who makes the load balancers. Only with type `LoadBalancer`.
   *
   * @default - the Kubernetes cluster's own
   */
  readonly loadBalancerClass?: string;

  /**
   * Addresses that the load balancers let in, as `10.0.0.0/8`. Only with type `LoadBalancer`.
   *
   * @default - everybody
   */
  readonly loadBalancerSourceRanges?: readonly string[];
}

/** Who may reach the database over the network: https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
export interface NetworkPolicyProps {
  /**
   * Who may connect as a client.
   *
   * @default - every pod of the namespace
   */
  readonly clients?: readonly NetworkPeerProps[];

  /**
   * Who may read metrics.
   *
   * @default - every pod of the Kubernetes cluster
   */
  readonly scrapers?: readonly NetworkPeerProps[];
}

/** Some pods, or some addresses. */
export type NetworkPeerProps = PodPeerProps | AddressPeerProps;

/** Pods with these labels, in namespaces with those. */
export interface PodPeerProps {
  /**
   * Labels of the pods.
   *
   * @default - every pod
   */
  readonly podLabels?: Readonly<Record<string, string>>;

  /**
   * Labels of their namespaces; `{}` is every namespace, and `kubernetes.io/metadata.name` a namespace's own name.
   *
   * @default - the namespace of the database
   */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/** Addresses outside the Kubernetes cluster. */
export interface AddressPeerProps {
  /** A range of addresses: `192.0.2.0/24`. */
  readonly cidr: string;

  /**
   * Ranges within it that are left out.
   *
   * @default - none
   */
  readonly except?: readonly string[];
}
