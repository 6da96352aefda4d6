import type { Family } from '../../../../lib/resources/metadata';

/** Of the database `orders`. */
export const family: Family = {
  database: 'orders',
  engine: 'valkey',
  gitOps: 'argocd',
  labels: { team: 'checkout' },
  annotations: { owner: 'shop' },
};

/** Labels of every object of it. */
export const familyLabels = {
  'app.kubernetes.io/name': 'valkey',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/managed-by': 'cdk8s-keyspace',
  team: 'checkout',
};
