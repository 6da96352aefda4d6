import * as z from 'zod';

import { block, listOf, oneOf, selector, topologyKey, wholeNumber } from '../fields';
import { must } from '../problems';

/** Nothing is known of the values but that they are compared as text. */
const values = listOf('values, in quotes', z.string({ error: must('text, in quotes') })).optional();

/** What nodes and pods are chosen by. */
function makeTerms() {
  const labelSelector = block('a selector: { matchLabels, matchExpressions }', {
    matchLabels: selector.optional(),
    matchExpressions: listOf(
      'expressions: { key, operator, values }',
      block('an expression: { key, operator, values }', {
        key: topologyKey,
        operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values,
      }),
    ).optional(),
  });

  const nodeExpressions = listOf(
    'expressions: { key, operator, values }',
    block('an expression: { key, operator, values }', {
      key: topologyKey,
      operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
      values,
    }),
  ).optional();

  const nodeTerm = block('a term: { matchExpressions, matchFields }', {
    matchExpressions: nodeExpressions,
    matchFields: nodeExpressions,
  });

  const podTerm = block('a term: { topologyKey, labelSelector, namespaces, namespaceSelector }', {
    topologyKey,
    labelSelector: labelSelector.optional(),
    namespaces: values,
    namespaceSelector: labelSelector.optional(),
  });

  return { nodeTerm, podTerm };
}

/** Made when a spec first has an affinity: few do, and it is a twentieth of all that is made to read one. */
function makeForms() {
  const { nodeTerm, podTerm } = makeTerms();
  const weight = wholeNumber(1, 100);

  const nodeAffinity = block('a block of fields, as in a pod', {
    requiredDuringSchedulingIgnoredDuringExecution: block('{ nodeSelectorTerms }', {
      nodeSelectorTerms: listOf('terms: { matchExpressions, matchFields }', nodeTerm).min(1, {
        error: must('a list of at least one term'),
      }),
    }).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: listOf(
      'weighed terms: { weight, preference }',
      block('a weighed term: { weight, preference }', { weight, preference: nodeTerm }),
    ).optional(),
  });

  const podAffinity = block('a block of fields, as in a pod', {
    requiredDuringSchedulingIgnoredDuringExecution: listOf('terms: { topologyKey, labelSelector }', podTerm).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: listOf(
      'weighed terms: { weight, podAffinityTerm }',
      block('a weighed term: { weight, podAffinityTerm }', { weight, podAffinityTerm: podTerm }),
    ).optional(),
  });

  return { nodeAffinity, podAffinity };
}

type Forms = ReturnType<typeof makeForms>;
let made: Forms | undefined;
const forms = (): Forms => (made ??= makeForms());

/** Kubernetes documents these fields; here they only have to be ones that it takes. */
const asInPod = (form: keyof Forms) =>
  z
    .record(z.string(), z.unknown(), { error: must('a block of fields, as in a pod') })
    .check(({ value, issues }) => {
      const parsed = forms()[form].safeParse(value, { reportInput: true });
      if (!parsed.success) issues.push(...(parsed.error.issues as typeof issues));
    })
    .optional();

/** See {@link AffinityProps}. */
export const affinity = block('{ nodeAffinity, podAffinity, podAntiAffinity }', {
  nodeAffinity: asInPod('nodeAffinity'),
  podAffinity: asInPod('podAffinity'),
  podAntiAffinity: asInPod('podAffinity'),
});
