import { App, Chart } from 'cdk8s';

import { Cluster, type ClusterProps } from '../../lib';

/** A spec that says only what has to be said. */
export const leastProps: ClusterProps = {
  engine: 'valkey',
  auth: { secret: { name: 'orders-auth' } },
  tls: 'off',
  persistence: { size: '1Gi' },
};

interface Metadata {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A Kubernetes object as it is written to YAML. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: {
    /** Of StatefulSets. */
    readonly template: { readonly metadata: Metadata; readonly spec: unknown };
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** The objects of a database with these props beside the least ones. */
export function synthesize(props: Partial<ClusterProps> = {}): Manifest[] {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  new Cluster(chart, 'orders', { ...leastProps, ...props });
  return chart.toJson() as Manifest[];
}

/** The objects of one kind. */
export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

/** The only object of that kind and name. */
export function named(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = ofKind(manifests, kind).filter((manifest) => manifest.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0]!;
}
