/** What applies the manifests. */
export type GitOps = 'argocd' | 'flux' | 'none';

/** When an object is applied, first to last; Argo CD deletes in the opposite order. */
export type Wave = keyof typeof waves;

/**
 * Agents keep their permissions and their configuration until the last pod has ended. Argo CD goes on when everything of a
 * wave is healthy: the certificate is there before the pods that mount it, and the database is whole before anybody is
 * alarmed or copies it.
 */
const waves = { access: -3, configuration: -2, service: -1, workload: 0, monitoring: 1, job: 1 } as const;

/** Annotations that order an object among the others. Flux and kubectl apply everything at once, which does no harm: pods wait. */
export const orderAnnotations = (gitOps: GitOps, wave: Wave): Record<string, string> =>
  gitOps === 'argocd' ? { 'argocd.argoproj.io/sync-wave': `${waves[wave]}` } : {};
