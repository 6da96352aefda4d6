import { hookAnnotation } from '../contract/names';

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

/** When an object before a sync is applied, first to last. */
export type HookWave = keyof typeof hookWaves;

/** Argo CD waits two seconds between waves: as few as there can be. */
const hookWaves = { access: -1, job: 0 } as const;

/**
 * Annotations of what Argo CD applies before everything else, and waits for. Made anew for each sync, so that no Job of another one counts; what
 * has succeeded goes, because hooks are not pruned: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export const preSyncAnnotations = (wave: HookWave): Record<string, string> => ({
  [hookAnnotation]: 'PreSync',
  'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation,HookSucceeded',
  'argocd.argoproj.io/sync-wave': `${hookWaves[wave]}`,
});
