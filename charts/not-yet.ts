import type { Envelope } from './envelope';
import type { SpecProblem } from '../lib';

/** What is in the manifests and in the agents' configuration, and not acted on. */
const unheeded: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  restore: (value) =>
    'time' in (value as object)
      ? 'nodes whose volumes are empty are held and do not start: only a backup can be restored, not a moment in between'
      : undefined,
  archive: () => 'nothing is archived',
};

/**
 * What a sound spec says that the agent of this version does not do: whoever applies it has to know. Empty where it does everything.
 */
export function notYet({ spec }: Pick<Envelope, 'spec'>): SpecProblem[] {
  return Object.entries(spec as Readonly<Record<string, unknown>>).flatMap(([field, value]) => {
    const what = unheeded[field]?.(value);
    return what === undefined
      ? []
      : [{ path: ['spec', field], message: `not heeded by the agent of this version: ${what}` }];
  });
}
