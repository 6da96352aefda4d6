import { annotations, labels } from '../contract/names';
import type { SpecProblem } from './spec-error';

const [ownDomain] = annotations.serverConfigHash.split('/');

const owned: readonly string[] = [...Object.values(labels), 'argocd.argoproj.io/sync-wave'];

/** Labels or annotations that the library sets itself. */
export function labelProblems(field: 'labels' | 'annotations', given: Readonly<Record<string, string>>): SpecProblem[] {
  return Object.keys(given)
    .filter((key) => owned.includes(key) || key.startsWith(`${ownDomain}/`))
    .map((key) => ({ path: [field, key], message: 'cannot be set here; the library sets it, choose another key' }));
}
