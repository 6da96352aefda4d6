/** A Kubernetes object as a manifest has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
  readonly [field: string]: unknown;
}

interface PodTemplate {
  readonly metadata?: object;
  readonly spec: { readonly volumes?: readonly object[] };
}

interface Claim {
  readonly metadata: { readonly name: string };
}

interface Workload {
  readonly template?: PodTemplate;
  readonly volumeClaimTemplates?: readonly Claim[];
  /** Of a CronJob. */
  readonly jobTemplate?: { readonly spec: Workload };
}

/** The pods that Kubernetes makes of StatefulSets, Jobs and CronJobs, one of each, as an account that every namespace has. */
export const podsOf = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.flatMap(({ metadata, spec }) => podOf(metadata.name, (spec ?? {}) as Workload));

function podOf(name: string, { template, volumeClaimTemplates = [], jobTemplate }: Workload): Manifest[] {
  if (jobTemplate) return podOf(name, jobTemplate.spec);
  if (!template?.spec) return [];
  const claimed = volumeClaimTemplates.map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${name}-0` },
  }));
  const volumes = [...(template.spec.volumes ?? []), ...claimed];
  const metadata = { ...template.metadata, name: `${name}-0` };
  return [
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...template.spec, volumes, serviceAccountName: 'default' } },
  ];
}
