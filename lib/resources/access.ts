import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { objectNames } from '../contract/names';
import { objectMeta, type Family } from './metadata';

/** Who the agents are. The token is mounted by hand, into the agent's container only. */
export function serviceAccount(family: Family): k8s.KubeServiceAccountProps {
  return {
    metadata: objectMeta(family, objectNames(family.database).serviceAccount, 'access'),
    automountServiceAccountToken: false,
  };
}

/** What the agents of a database have to do with, by name. */
export interface AgentObjects {
  readonly pods: readonly string[];
  /** StatefulSets of servers, whose `partition` says how far a roll-out is. */
  readonly sets: readonly string[];
  /** Claims that they make larger. */
  readonly claims: readonly string[];
  /** Services whose addresses they announce. */
  readonly services: readonly string[];
  /** Who is primary is theirs to decide. */
  readonly primary: boolean;
}

/** What the agents may do: no more than their own objects and pods, by name. */
export function role(family: Family, { pods, sets, claims, services, primary }: AgentObjects): k8s.KubeRoleProps {
  const names = objectNames(family.database);
  const rule = (apiGroup: string, resource: string, verbs: string[], resourceNames?: readonly string[]) => ({
    apiGroups: [apiGroup],
    resources: [resource],
    verbs,
    ...(resourceNames ? { resourceNames: [...resourceNames] } : {}),
  });
  return {
    metadata: objectMeta(family, names.role, 'access'),
    rules: [
      rule('coordination.k8s.io', 'leases', ['get', 'patch'], [names.lease, ...(primary ? [names.primary] : [])]),
      rule('', 'configmaps', ['get', 'patch'], [names.status]),
      // Whether they have changed: pods are told of it sooner than by their kubelets.
      rule('', 'configmaps', ['get'], [names.agentConfig, names.serverConfig]),
      // Deleted where a new one fails and is to be what it was: its StatefulSet makes it anew.
      rule('', 'pods', ['get', 'patch', 'delete'], pods),
      // What the server of a pod that fails said last.
      rule('', 'pods/log', ['get'], pods),
      // Kubernetes knows no right to the partition alone.
      rule('apps', 'statefulsets', ['get', 'patch'], sets),
      ...(claims.length > 0 ? [rule('', 'persistentvolumeclaims', ['get', 'patch'], claims)] : []),
      ...(services.length > 0 ? [rule('', 'services', ['get'], services)] : []),
      // Creation cannot be narrowed to names. An event is a new one each time, and the lease cannot come from Git: Argo CD
      // leaves every Lease out (argo-cd util/settings/resources_filter.go).
      rule('', 'events', ['create']),
      rule('coordination.k8s.io', 'leases', ['create']),
    ],
  };
}

/** Gives the agents' role to their account. */
export function roleBinding(family: Family, namespace: string): k8s.KubeRoleBindingProps {
  const names = objectNames(family.database);
  return {
    metadata: objectMeta(family, names.roleBinding, 'access'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: names.role },
    subjects: [{ kind: 'ServiceAccount', name: names.serviceAccount, namespace }],
  };
}
