import * as z from 'zod';

import { annotations, containers } from '../../lib/contract/names';
import { agentSchemas, parseAgent, parseTemplate, revisionLabel } from './agent-objects';
import type { PodView, SetView, StoppedRollout, Trouble } from '../view-sets';

const setSchema = z.object({
  metadata: z.object({
    name: z.string(),
    resourceVersion: z.string(),
    generation: z.int().default(0),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    replicas: z.int().default(1),
    template: z.unknown(),
    updateStrategy: z.object({ rollingUpdate: z.object({ partition: z.int().default(0) }).optional() }).optional(),
  }),
  status: z.object({
    observedGeneration: z.int().default(0),
    currentRevision: z.string().default(''),
    updateRevision: z.string().default(''),
    updatedReplicas: z.int().default(0),
  }),
});

const stoppedSchema = z.object({
  revision: z.string(),
  node: z.string(),
  check: z.string(),
  says: z.string(),
  back: z.boolean(),
  log: z.string(),
}) satisfies z.ZodType<StoppedRollout>;

/**
 * A StatefulSet, without its pods.
 *
 * @returns `whole` where every pod is known to be of the newest revision
 * @throws Error where the object is none
 */
export function parseSet(object: unknown, shard: string): { readonly set: SetView; readonly whole: boolean } {
  const { metadata, spec, status } = setSchema.parse(object);
  const { currentRevision, updateRevision, updatedReplicas } = status;
  const notes = metadata.annotations;
  const { [annotations.previousVersion]: previousVersion, [annotations.approvedRevision]: approvedRevision } = notes;
  const stopped = parseStopped(notes[annotations.stoppedRollout]);
  const template = parseTemplate(spec.template, notes);
  const set: SetView = {
    name: metadata.name,
    shard,
    version: metadata.resourceVersion,
    replicas: spec.replicas,
    partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
    currentRevision,
    updateRevision,
    ...(template ? { template } : {}),
    observed: status.observedGeneration >= metadata.generation,
    ...(previousVersion === undefined ? {} : { previousVersion }),
    ...(approvedRevision === undefined ? {} : { approvedRevision }),
    ...(stopped ? { stopped } : {}),
    pods: [],
  };
  return { set, whole: currentRevision === updateRevision && updatedReplicas >= spec.replicas };
}

function parseStopped(text: string | undefined): StoppedRollout | undefined {
  if (text === undefined) return undefined;
  try {
    return stoppedSchema.parse(JSON.parse(text));
  } catch {
    // Somebody else's text stops nothing.
    return undefined;
  }
}

const stateSchema = z.object({
  waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
  terminated: z.object({ exitCode: z.int(), reason: z.string().default('') }).optional(),
});

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: agentSchemas.spec,
  status: z.object({
    initContainerStatuses: agentSchemas.statuses,
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
      .default([]),
    containerStatuses: z.array(z.object({ name: z.string(), state: stateSchema.default({}) })).default([]),
  }),
});

/** @throws Error where the object is none */
export function parsePod(object: unknown, ordinal: number): PodView {
  const { metadata, spec, status } = podSchema.parse(object);
  const trouble = troubleOf(status);
  const agent = parseAgent(spec, status.initContainerStatuses, metadata.annotations);
  return {
    name: metadata.name,
    uid: metadata.uid,
    ordinal,
    revision: metadata.labels[revisionLabel] ?? '',
    ready: status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    ending: metadata.deletionTimestamp !== undefined,
    ...(trouble ? { trouble } : {}),
    ...(agent ? { agent } : {}),
  };
}

/** Reasons to wait that pass by themselves, and soon. */
const passing: readonly string[] = ['', 'PodInitializing', 'ContainerCreating'];

function troubleOf({ conditions, containerStatuses }: z.infer<typeof podSchema>['status']): Trouble | undefined {
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled) return { check: 'schedule', says: unscheduled.message };
  const { waiting, terminated } = containerStatuses.find(({ name }) => name === containers.server)?.state ?? {};
  if (terminated) return { check: 'start', says: `exit code ${terminated.exitCode}, ${terminated.reason}` };
  if (!waiting || passing.includes(waiting.reason)) return undefined;
  const check = /image/i.test(waiting.reason) ? 'image' : 'start';
  return { check, says: `${waiting.reason}: ${waiting.message}` };
}
