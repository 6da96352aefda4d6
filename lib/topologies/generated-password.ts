import type { Construct } from 'constructs';

import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import {
  credentialsAccount,
  credentialsBinding,
  credentialsJob,
  credentialsRole,
  generatedSecret,
} from '../resources/generated-password';
import { familyOf, type DatabasePlan } from './plan';
import { passwordSecret } from './pod-files';
import { jobSurroundings } from './shard';

/** A Secret and the Job that fills it, where the spec neither names a Secret nor turns passwords off. */
export function addGeneratedPassword(scope: Construct, plan: DatabasePlan): void {
  const { spec } = plan;
  const password = passwordSecret(spec);
  if (spec.auth === 'off' || spec.auth.secret || !password) return;
  const family = familyOf(plan);
  const job = credentialsJob({
    ...jobSurroundings(scope, spec),
    family,
    resources: spec.agent.resources,
    key: password.key,
  });
  new k8s.KubeSecret(scope, 'generated-password', generatedSecret(family));
  new k8s.KubeServiceAccount(scope, 'credentials-account', credentialsAccount(family));
  new k8s.KubeRole(scope, 'credentials-role', credentialsRole(family));
  new k8s.KubeRoleBinding(scope, 'credentials-role-binding', credentialsBinding(family, spec.namespace));
  new k8s.KubeJob(scope, 'credentials', job);
}
