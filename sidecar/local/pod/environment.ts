import { delimiter } from 'node:path';

import type { Address } from '../../view';
import type { ContainerPlan } from './plan';

/** Where a pod runs. */
export interface Place {
  /** Name of the Kubernetes node it stands for. */
  readonly host: string;
  /** '' for none. */
  readonly zone: string;
}

/** What a pod's fields say. */
export interface PodFacts {
  readonly pod: string;
  readonly namespace: string;
  readonly address: Address;
  readonly place: Place;
  /** Folder that comes first on the PATH. */
  readonly bin: string;
}

/** The container's environment, its references to the pod's fields resolved. */
export function environmentOf(env: ContainerPlan['env'], facts: PodFacts): Record<string, string | undefined> {
  const fields = fieldsOf(facts);
  const own = env.map(({ name, value, field }) => [name, value ?? fields[field ?? ''] ?? ''] as const);
  const path = [facts.bin, process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, ...Object.fromEntries(own), PATH: path };
}

/** The downward API: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ */
const fieldsOf = ({ pod, namespace, address, place }: PodFacts): Readonly<Record<string, string>> => ({
  'metadata.name': pod,
  'metadata.namespace': namespace,
  'status.podIP': address.ip,
  'spec.nodeName': place.host,
  "metadata.labels['topology.kubernetes.io/zone']": place.zone,
});
