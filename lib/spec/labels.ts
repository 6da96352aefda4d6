import { annotations, labels } from '../contract/names';

const [ownDomain] = annotations.serverConfigHash.split('/');

const own: readonly string[] = [...Object.values(labels), 'argocd.argoproj.io/sync-wave'];

/** Whether the library sets the label or annotation of this key itself. */
export const isOwn = (key: string): boolean => own.includes(key) || key.startsWith(`${ownDomain}/`);
