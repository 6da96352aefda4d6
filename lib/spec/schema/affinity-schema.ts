import * as z from 'zod';

import { block, label, labelValue, listOf, objectName, oneOf, selector, topologyKey, wholeNumber } from '../fields';
import { must } from '../problems';

interface Expression {
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values?: readonly string[];
}

/** What is wrong with the values of an operator: an API server takes no pod with such a term. */
function valuesProblem({ operator, values = [] }: Expression): string | undefined {
  if (operator === 'In' || operator === 'NotIn') {
    return values.length > 0 ? undefined : `must be a list of at least one value with the operator "${operator}"`;
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    return values.length === 0
      ? undefined
      : `must be left out with the operator "${operator}", which asks for no value`;
  }
  const isNumber = values.length === 1 && /^\d+$/.test(values[0]!);
  return isNumber ? undefined : `must be one whole number, in quotes, with the operator "${operator}"`;
}

const withValues = <Form extends z.ZodType<Expression>>(form: Form) =>
  form.check(({ value, issues }) => {
    const message = valuesProblem(value);
    if (message !== undefined) issues.push({ code: 'custom', path: ['values'], message, input: value });
  });

const expressionForm = 'an expression: { key, operator, values }';

/** What nodes and pods are chosen by. */
function makeTerms() {
  const labelValues = listOf('values, in quotes', labelValue).optional();

  const labelSelector = block('a selector: { matchLabels, matchExpressions }', {
    matchLabels: selector.optional(),
    matchExpressions: listOf(
      'expressions: { key, operator, values }',
      withValues(
        block(expressionForm, {
          key: topologyKey,
          operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']),
          values: labelValues,
        }),
      ),
    ).optional(),
  });

  const nodeTerm = block('a term: { matchExpressions, matchFields }', {
    matchExpressions: listOf(
      'expressions: { key, operator, values }',
      withValues(
        block(expressionForm, {
          key: topologyKey,
          operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
          values: labelValues,
        }),
      ),
    ).optional(),
    matchFields: listOf(
      'expressions: { key, operator, values }',
      block(expressionForm, {
        key: oneOf(['metadata.name']),
        operator: oneOf(['In', 'NotIn']),
        values: listOf('values, in quotes', objectName('the name of a node')).length(1, {
          error: must('a list of one name of a node'),
        }),
      }),
    ).optional(),
  });

  const podTerm = block('a term: { topologyKey, labelSelector, namespaces, namespaceSelector }', {
    topologyKey,
    labelSelector: labelSelector.optional(),
    namespaces: listOf('namespaces', label('a namespace')).optional(),
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
