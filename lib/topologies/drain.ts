import type { Construct } from 'constructs';

import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { drainAccount, drainBinding, drainJob, drainPolicy, drainRole, targetContract } from '../resources/drain';
import { familyOf, type DatabasePlan } from './plan';
import { jobSurroundings } from './shard';

/** What Argo CD runs before a sync, so that a shard that leaves is drained while its pods still run. Only where there are shards. */
export function addDrain(scope: Construct, plan: DatabasePlan): void {
  const { spec, contract } = plan;
  if (spec.gitOps !== 'argocd' || contract.topology !== 'cluster') return;
  const family = familyOf(plan);
  new k8s.KubeServiceAccount(scope, 'drain-account', drainAccount(family));
  new k8s.KubeRole(scope, 'drain-role', drainRole(family));
  new k8s.KubeRoleBinding(scope, 'drain-role-binding', drainBinding(family, spec.namespace));
  new k8s.KubeConfigMap(scope, 'drain-target', targetContract(family, contract));
  if (spec.networkPolicy) new k8s.KubeNetworkPolicy(scope, 'drain-network-policy', drainPolicy(family));
  const job = drainJob({
    ...jobSurroundings(scope, spec),
    family,
    target: contract,
    resources: spec.agent.resources,
    patienceSeconds: spec.terminationGracePeriodSeconds,
  });
  new k8s.KubeJob(scope, 'drain', job);
}
