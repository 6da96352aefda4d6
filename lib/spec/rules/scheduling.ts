import type { SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** What a Kubernetes API server would refuse in every pod. */
export const schedulingProblems = ({ scheduling, imagePullSecrets = [] }: SoundFields): SpecProblem[] => [
  ...tolerationProblems(scheduling?.tolerations ?? []),
  ...spreadProblems(scheduling?.topologySpread ?? []),
  ...repeated(imagePullSecrets).map((index) => ({
    path: ['imagePullSecrets', index],
    message: `must be named once, got ${quote(imagePullSecrets[index])} twice`,
  })),
];

type Scheduling = NonNullable<SoundFields['scheduling']>;

const tolerationProblems = (tolerations: NonNullable<Scheduling['tolerations']>): SpecProblem[] =>
  tolerations.flatMap(({ key, operator = 'Equal', value, effect, tolerationSeconds }, index) => {
    const at = (field: string) => ['scheduling', 'tolerations', index, field];
    return [
      ...(key === undefined && operator !== 'Exists'
        ? [{ path: at('operator'), message: 'must be "Exists" without a "key": every taint is meant' }]
        : []),
      ...(value !== undefined && operator === 'Exists'
        ? [{ path: at('value'), message: 'must be left out with the operator "Exists", which asks for no value' }]
        : []),
      ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
        ? [{ path: at('effect'), message: 'must be "NoExecute" with "tolerationSeconds"; no other drives pods away' }]
        : []),
    ];
  });

function spreadProblems(spreads: NonNullable<Scheduling['topologySpread']>): SpecProblem[] {
  const keys = spreads.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`);
  return repeated(keys).map((index) => {
    const { topologyKey, whenUnsatisfiable } = spreads[index]!;
    const message = `must be the only one with ${quote(whenUnsatisfiable)}, got ${quote(topologyKey)} twice`;
    return { path: ['scheduling', 'topologySpread', index, 'topologyKey'], message };
  });
}

/** Places of values that are there before. */
const repeated = (values: readonly string[]): number[] =>
  values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
