import { block, listOf, objectName, oneOf, selector, text, topologyKey, wholeNumber } from '../fields';
import { affinity } from './affinity-schema';

const toleration = block('a toleration, as in a pod', {
  key: text('the key of a taint').optional(),
  operator: oneOf(['Equal', 'Exists']).optional(),
  value: text('the value of a taint').optional(),
  effect: oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: wholeNumber(0, 2 ** 31 - 1).optional(),
});

const topologySpread = block('{ topologyKey, maxSkew, whenUnsatisfiable }', {
  topologyKey,
  maxSkew: wholeNumber(1, 500).default(1),
  whenUnsatisfiable: oneOf(['DoNotSchedule', 'ScheduleAnyway']).default('DoNotSchedule'),
});

/** See {@link SchedulingProps}. */
export const scheduling = block('{ nodeSelector, tolerations, affinity, topologySpread, priorityClassName }', {
  nodeSelector: selector.optional(),
  tolerations: listOf('tolerations', toleration).optional(),
  affinity: affinity.optional(),
  topologySpread: listOf('blocks: { topologyKey, maxSkew, whenUnsatisfiable }', topologySpread).optional(),
  priorityClassName: objectName('the name of a PriorityClass').optional(),
});
