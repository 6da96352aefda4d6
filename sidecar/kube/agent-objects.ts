import { createHash } from 'node:crypto';
import * as z from 'zod';

import { annotations, containers } from '../../lib/contract/names';
import type { AgentBefore, AgentContainerView, AlikeRevisions, TemplateView } from '../view-sets';

/** Kubernetes' own: the revision of the template that a pod was made from. */
export const revisionLabel = 'controller-revision-hash';

const named = z.looseObject({ name: z.string(), image: z.string().default('') });

const state = z.object({
  running: z.unknown().optional(),
  waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
  terminated: z.object({ exitCode: z.int(), reason: z.string().default('') }).optional(),
});

/** What a pod says of its agent, a container that starts before the others. */
export const agentSchemas = {
  spec: z.object({ initContainers: z.array(named).default([]) }).default({ initContainers: [] }),
  statuses: z
    .array(z.object({ name: z.string(), containerID: z.string().default(''), state: state.default({}) }))
    .default([]),
};

type Statuses = z.infer<typeof agentSchemas.statuses>;

const templateSchema = z.looseObject({
  spec: z.looseObject({ initContainers: z.array(named), containers: z.array(named).default([]) }),
});

const alikeSchema = z.object({
  rest: z.string(),
  revisions: z.array(z.string()),
}) satisfies z.ZodType<AlikeRevisions>;

const beforeSchema = z.object({ image: z.string(), id: z.string() }) satisfies z.ZodType<AgentBefore>;

type Notes = Readonly<Record<string, string>>;

/** `8.1` of `valkey/valkey:8.1.4`, and of `:8.1@sha256:...`. */
const versionIn = (image = ''): string | undefined => /:(\d+\.\d+)[^:/]*(@[^/]*)?$/.exec(image)?.[1];

/** @returns undefined where the pods have no agent */
export function parseTemplate(object: unknown, notes: Notes): TemplateView | undefined {
  const parsed = templateSchema.safeParse(object);
  const agent = parsed.data?.spec.initContainers.find(({ name }) => name === containers.agent);
  if (!parsed.success || !agent) return undefined;
  const { spec } = parsed.data;
  const initContainers = spec.initContainers.map((one) => (one === agent ? { ...one, image: '' } : one));
  const others = JSON.stringify({ ...parsed.data, spec: { ...spec, initContainers } });
  const alike = parseNote(alikeSchema, notes[annotations.alikeRevisions]);
  const rest = createHash('sha256').update(others).digest('hex');
  const serverVersion = versionIn(spec.containers.find(({ name }) => name === containers.server)?.image);
  return {
    ...(serverVersion === undefined ? {} : { serverVersion }),
    agentImage: agent.image,
    rest,
    ...(alike ? { alike } : {}),
  };
}

/** @returns undefined where the pod has no agent */
export function parseAgent(
  { initContainers }: z.infer<typeof agentSchemas.spec>,
  statuses: Statuses,
  notes: Notes,
): AgentContainerView | undefined {
  const agent = initContainers.find(({ name }) => name === containers.agent);
  if (!agent) return undefined;
  const status = statuses.find(({ name }) => name === containers.agent);
  const before = parseNote(beforeSchema, notes[annotations.agentBefore]);
  const trouble = troubleOf(status?.state ?? {});
  return {
    image: agent.image,
    id: status?.containerID ?? '',
    ...(trouble === undefined ? {} : { trouble }),
    ...(before ? { before } : {}),
  };
}

function troubleOf({ running, waiting, terminated }: Partial<z.infer<typeof state>>): string | undefined {
  if (running !== undefined) return undefined;
  if (terminated) return `exit code ${terminated.exitCode}, ${terminated.reason}`;
  return waiting ? `${waiting.reason}: ${waiting.message}` : 'it has not started yet';
}

/** Somebody else's text says nothing. */
function parseNote<T>(schema: z.ZodType<T>, text = ''): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The patch, with lists merged by name, that changes the agent's image in a pod that runs. */
export const renewal = ({
  uid,
  image,
  before,
}: {
  readonly uid: string;
  readonly image: string;
  readonly before?: AgentBefore;
}): object => ({
  metadata: { uid, annotations: { [annotations.agentBefore]: before ? JSON.stringify(before) : null } },
  spec: { initContainers: [{ name: containers.agent, image }] },
});
