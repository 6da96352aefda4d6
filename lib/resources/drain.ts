import { createHash } from 'node:crypto';

import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type { AgentConfig } from '../contract/agent-config';
import { renderAgentConfig } from '../contract/render-agent-config';
import { drainComponent, labels, objectNames } from '../contract/names';
import type { resourceRequirements } from './amounts';
import { jobPod, type JobSurroundings } from './job-pod';
import { objectLabels, preSyncMeta, type Family } from './metadata';
import { apiServerOnly } from './network-policy';
import { contractMounts, contractVolumes } from './volumes';

/** Who waits before a sync. Nobody else has this account: the agents' own may be what the sync changes, or not be there yet. */
export const drainAccount = (family: Family): k8s.KubeServiceAccountProps => ({
  metadata: preSyncMeta(family, objectNames(family.database).drain, 'access'),
  automountServiceAccountToken: false,
});

/** What the Job may do: read what runs and how it is, and write beside the Lease of the agents, which it need not read. */
export function drainRole(family: Family): k8s.KubeRoleProps {
  const names = objectNames(family.database);
  return {
    metadata: preSyncMeta(family, names.drain, 'access'),
    rules: [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'], resourceNames: [names.agentConfig, names.status] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['patch'], resourceNames: [names.lease] },
    ],
  };
}

/** Gives the Job's role to its account. */
export function drainBinding(family: Family, namespace: string): k8s.KubeRoleBindingProps {
  const { drain } = objectNames(family.database);
  return {
    metadata: preSyncMeta(family, drain, 'access'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: drain },
    subjects: [{ kind: 'ServiceAccount', name: drain, namespace }],
  };
}

/** What is to come: the agents' own document is the one that runs until the sync. */
export const targetContract = (family: Family, config: AgentConfig): k8s.KubeConfigMapProps => ({
  metadata: preSyncMeta(family, objectNames(family.database).drain, 'access'),
  data: renderAgentConfig(config),
});

const drainSelector = (database: string) => ({ [labels.instance]: database, [labels.component]: drainComponent });

/** The Job asks the API server and nobody else. */
export const drainPolicy = (family: Family): k8s.KubeNetworkPolicyProps =>
  apiServerOnly(preSyncMeta(family, objectNames(family.database).drain, 'access'), drainSelector(family.database));

/** What the Job depends on. */
export interface DrainJobProps extends JobSurroundings {
  readonly family: Family;
  readonly target: AgentConfig;
  readonly resources: Parameters<typeof resourceRequirements>[0];
  /** Longest time without one slot less: what a pod that ends would have. Seconds. */
  readonly patienceSeconds: number;
}

/** A shard of a terabyte is drained within a day; a Job that hangs would keep the sync from ever ending. Seconds. */
const longestRun = 24 * 3600;

/** As long as somebody may want to read why it failed. Seconds. */
const keptFor = 24 * 3600;

/**
 * Waits until the shards that the target has no more are drained. It fails at once where it says so itself (exit code 1), and never for being
 * moved to another machine; what kills it is tried again. Its name is that of what it waits for: no Job of another target is taken for it.
 */
export function drainJob({ family, target, patienceSeconds, ...props }: DrainJobProps): k8s.KubeJobProps {
  const names = objectNames(family.database);
  const pod = jobPod({
    ...props,
    account: names.drain,
    args: ['drain', '--patience', `${patienceSeconds}`],
    env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    mounts: contractMounts,
    volumes: contractVolumes(names.drain),
  });
  const template: k8s.PodTemplateSpec = {
    metadata: { labels: { ...objectLabels(family), ...drainSelector(family.database) } },
    spec: {
      ...pod,
      // The pod that failed is there to be read.
      restartPolicy: 'Never',
      containers: pod.containers.map((each) => ({ ...each, terminationMessagePolicy: 'FallbackToLogsOnError' })),
    },
  };
  const inputs = JSON.stringify([template, renderAgentConfig(target)]);
  const hash = createHash('sha256').update(inputs).digest('hex').slice(0, 8);
  return {
    metadata: preSyncMeta(family, `${names.drain}-${hash}`, 'job'),
    spec: {
      backoffLimit: 6,
      podFailurePolicy: { rules: failureRules(pod.containers[0]!.name) },
      activeDeadlineSeconds: longestRun,
      ttlSecondsAfterFinished: keptFor,
      template,
    },
  };
}

/** Kubernetes' description wants both fields of each rule until 1.28, and its API server never did. */
const failureRules = (containerName: string) =>
  [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { containerName, operator: 'In', values: [1] } },
  ] as k8s.PodFailurePolicyRule[];
