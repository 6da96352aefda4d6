import { createHash } from 'node:crypto';

import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { objectNames } from '../contract/names';
import type { resourceRequirements } from './amounts';
import { jobPod, type JobSurroundings } from './job-pod';
import { objectLabels, objectMeta, type Family } from './metadata';
import { tokenMount, tokenVolume } from './volumes';

/** The Secret that the Job fills. Empty here: what is in it is not in Git. */
export const generatedSecret = (family: Family): k8s.KubeSecretProps => ({
  metadata: objectMeta(family, objectNames(family.database).generatedPassword, 'access'),
});

/** Who the Job is. The agents may not read Secrets by the API, and their account is not used. */
export const credentialsAccount = (family: Family): k8s.KubeServiceAccountProps => ({
  metadata: objectMeta(family, objectNames(family.database).credentials, 'access'),
  automountServiceAccountToken: false,
});

/** What the Job may do: fill its Secret. */
export function credentialsRole(family: Family): k8s.KubeRoleProps {
  const names = objectNames(family.database);
  const resourceNames = [names.generatedPassword];
  return {
    metadata: objectMeta(family, names.credentials, 'access'),
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'patch'], resourceNames }],
  };
}

/** Gives the Job's role to its account. */
export function credentialsBinding(family: Family, namespace: string): k8s.KubeRoleBindingProps {
  const { credentials } = objectNames(family.database);
  return {
    metadata: objectMeta(family, credentials, 'access'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: credentials },
    subjects: [{ kind: 'ServiceAccount', name: credentials, namespace }],
  };
}

/** What the Job depends on. */
export interface CredentialsJobProps extends JobSurroundings {
  readonly family: Family;
  readonly resources: Parameters<typeof resourceRequirements>[0];
  /** Key of the password in the Secret. */
  readonly key: string;
}

/**
 * Makes a password and puts it into the Secret, unless there is one. Pods wait for it: they mount it. A Job cannot be
 * changed, so it has another name when what it is made from has changed.
 */
export function credentialsJob(props: CredentialsJobProps): k8s.KubeJobProps {
  const { family } = props;
  const names = objectNames(family.database);
  const template = { metadata: { labels: objectLabels(family) }, spec: podSpec(props) };
  const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 8);
  return {
    metadata: objectMeta(family, `${names.credentials}-${hash}`, 'configuration'),
    spec: { backoffLimit: 20, template },
  };
}

function podSpec({ family, key, ...props }: CredentialsJobProps): k8s.PodSpec {
  const names = objectNames(family.database);
  return jobPod({
    ...props,
    account: names.credentials,
    args: ['credentials', '--secret', names.generatedPassword, '--key', key],
    env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
    mounts: [tokenMount],
    volumes: [tokenVolume],
  });
}
