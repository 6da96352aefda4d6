import { parseAllDocuments } from 'yaml';

import { hookAnnotation } from '../../../lib/contract/names';
import type { Namespace } from './namespace';
import type { Manifest } from './pods-of';
import { until } from './until';

/** What Argo CD does with manifests, step by step: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
export interface Sync {
  /** Applies what is there before a sync, wave by wave, each object made anew. @returns the name of the Job, which runs */
  readonly begin: () => Promise<string>;
  /** Waits for the Job. @returns what its last pod said. Rejects where it has failed: nothing more is applied then. */
  readonly ready: (job: string, boundMs: number) => Promise<string>;
  /** Deletes the hooks, applies the rest wave by wave, and prunes what is no longer there, last what was first. */
  readonly finish: (before?: string) => Promise<void>;
  /** Somebody calls it off: Argo CD deletes the Jobs that run. */
  readonly callOff: (job: string) => Promise<void>;
}

const waveAnnotation = 'argocd.argoproj.io/sync-wave';
const policyAnnotation = 'argocd.argoproj.io/hook-delete-policy';

interface Annotated extends Manifest {
  readonly metadata: Manifest['metadata'] & {
    readonly name: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
}

interface Finished {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly message?: string }[] };
}

const read = (text: string): Annotated[] => parseAllDocuments(text).map((document) => document.toJS() as Annotated);

const isHook = ({ metadata }: Annotated): boolean => metadata.annotations[hookAnnotation] !== undefined;

const title = ({ kind, metadata }: Annotated): string => `${kind}/${metadata.name}`;

/** In the order in which they are applied. */
function waves(manifests: readonly Annotated[]): Annotated[][] {
  const byWave = new Map<number, Annotated[]>();
  for (const manifest of manifests) {
    const wave = Number(manifest.metadata.annotations[waveAnnotation] ?? 0);
    byWave.set(wave, [...(byWave.get(wave) ?? []), manifest]);
  }
  return [...byWave].sort(([a], [b]) => a - b).map(([, found]) => found);
}

/** A sync of the manifests, which are YAML. */
export function syncOf(namespace: Namespace, text: string): Sync {
  const all = read(text);
  const hooks = all.filter(isHook);
  const { kubectl } = namespace;
  const send = async (verb: string, manifests: readonly Annotated[]): Promise<void> => {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
    await kubectl([verb, '--filename=-'], { input });
  };
  const remove = (titles: readonly string[], wait: boolean) =>
    kubectl(['delete', '--ignore-not-found', `--wait=${String(wait)}`, ...titles], { boundMs: 60_000 });
  return {
    async begin() {
      for (const wave of waves(hooks)) {
        expect(wave.every(({ metadata }) => metadata.annotations[hookAnnotation] === 'PreSync')).toBe(true);
        await remove(wave.map(title), true);
        await send('create', wave);
      }
      return hooks.find(({ kind }) => kind === 'Job')!.metadata.name;
    },
    async ready(job, boundMs) {
      const conditions = async () => (await namespace.get<Finished>(['job', job])).status.conditions ?? [];
      const log = () => kubectl(['logs', `job/${job}`, '--tail=-1']).catch(() => '');
      await until(`the Job ${job} ends`, boundMs, async () => {
        const ended = (await conditions()).some(({ type }) => type === 'Complete' || type === 'Failed');
        return ended ? undefined : await log();
      });
      const failed = (await conditions()).find(({ type }) => type === 'Failed');
      if (failed) throw new Error(`${failed.message ?? ''}: ${await log()}`);
      return log();
    },
    async finish(before = '') {
      const succeeded = hooks.filter(({ metadata }) =>
        metadata.annotations[policyAnnotation]!.split(',').includes('HookSucceeded'),
      );
      await remove(succeeded.map(title), true);
      const rest = all.filter((manifest) => !isHook(manifest));
      for (const wave of waves(rest)) await send('apply', wave);
      const kept = new Set(rest.map(title));
      const gone = read(before).filter((manifest) => !isHook(manifest) && !kept.has(title(manifest)));
      for (const wave of waves(gone).reverse()) await remove(wave.map(title), false);
    },
    async callOff(job) {
      await remove([`Job/${job}`], true);
    },
  };
}
