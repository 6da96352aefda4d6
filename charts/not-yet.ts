import type { Envelope } from './envelope';
import type { SpecProblem } from '../lib';

/** Topologies whose nodes the agent of this version runs. */
const run: readonly Envelope['kind'][] = ['Standalone', 'Replication', 'Cluster', 'MultiMaster'];

/** What is in the manifests and in the agents' configuration, and not acted on. */
const unheeded: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  persistence: (volume) =>
    typeof volume === 'object' && volume !== null && 'initialSize' in volume
      ? 'volumes stay at "initialSize"'
      : undefined,
  replicaOf: () => 'its nodes are held and do not start',
  restore: () =>
    'nodes whose volumes are empty are held and do not start: see docs/backup.md for how to restore by hand',
  archive: () => 'nothing is archived',
  externalAccess: () => 'there are Services, but nodes do not announce their addresses',
};

/**
 * What a sound spec says that the agent of this version does not do: whoever applies it has to know. Empty where it does everything.
 */
export function notYet({ kind, spec }: Pick<Envelope, 'kind' | 'spec'>): SpecProblem[] {
  if (!run.includes(kind)) {
    return [
      {
        path: ['kind'],
        message: `the agent of this version does not start nodes of "${kind}"; it runs ${run.slice(0, -1).join(', ')} and ${run.at(-1)!}`,
      },
    ];
  }
  return Object.entries(spec as Readonly<Record<string, unknown>>).flatMap(([field, value]) => {
    const what = unheeded[field]?.(value);
    return what === undefined
      ? []
      : [{ path: ['spec', field], message: `not heeded by the agent of this version: ${what}` }];
  });
}
