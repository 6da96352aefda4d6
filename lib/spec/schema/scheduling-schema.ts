import { block, listOf, objectName, oneOf, selector, taintKey, taintValue, topologyKey, wholeNumber } from '../fields';
import { affinity } from './affinity-schema';

const toleration = block('a toleration, as in a pod', {
  key: taintKey.optional(),
  operator: oneOf(['Equal', 'Exists']).optional(),
  value: taintValue.optional(),
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
