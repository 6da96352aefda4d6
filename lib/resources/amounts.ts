import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';

type Amounts = Readonly<Record<string, string>>;

/** Resources as Kubernetes writes them. */
export const resourceRequirements = (resources: {
  readonly requests: Amounts;
  readonly limits: Amounts;
}): k8s.ResourceRequirements => ({ requests: quantities(resources.requests), limits: quantities(resources.limits) });

const quantities = (amounts: Amounts): Record<string, k8s.Quantity> =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, k8s.Quantity.fromString(amount)]));
