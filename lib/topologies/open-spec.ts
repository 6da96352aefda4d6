import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { Kind } from '../spec/kinds';
import { readSpec, type Spec } from '../spec/read-spec';
import { SpecError } from '../spec/spec-error';

/**
 * The spec of a construct that is about to be made: its name is the construct's id, its namespace the chart's.
 *
 * @throws SpecError that lists everything wrong with the props, the id and the chart's namespace
 */
export function openSpec<K extends Kind>(kind: K, scope: Construct, id: string, props: unknown): Spec<K> {
  const result = readSpec(kind, { name: id, namespace: Chart.of(scope).namespace, props });
  if ('problems' in result) throw new SpecError([scope.node.path, id].filter(Boolean).join('/'), result.problems);
  return result.spec;
}
