import type { Engine } from '../contract/engines';
import { objectNames } from '../contract/names';
import { clusterSchema, type ClusterFields } from './cluster-schema';
import { directiveProblems } from './directives';
import { defaultVersions, imageProblems, officialImage, tlsProblems, versionProblems } from './engine';
import { defaultMaxMemory, memoryProblems } from './memory';
import { hostName, hostProblems, nameProblems, namespaceProblems, shardName } from './names';
import { problemsOf } from './problems';
import { parseQuantity } from './quantity';
import { resolveAgentResources, resolveServerResources, resourceProblems, type Resources } from './resources';
import type { SpecProblem } from './spec-error';

/** A cluster with every default decided and every field in agreement with the others. */
export interface ClusterSpec extends Omit<
  ClusterFields,
  'engine' | 'version' | 'image' | 'maxMemory' | 'resources' | 'agent'
> {
  readonly name: string;
  readonly namespace: string;
  readonly engine: Engine;
  readonly image: string;
  readonly maxMemoryBytes: number;
  readonly resources: Resources;
  readonly agent: { readonly image?: string; readonly resources: Resources };
}

/** A spec as somebody wrote it. */
export interface ClusterInput {
  readonly name: unknown;
  readonly namespace: unknown;
  readonly props: unknown;
}

/** Fields that are sound on their own; the others are no keys of it. */
type SoundFields = Partial<ClusterFields>;

/** Reads a spec: the whole of it, or everything that is wrong with it. */
export function readClusterSpec(
  input: ClusterInput,
): { readonly spec: ClusterSpec } | { readonly problems: SpecProblem[] } {
  const parsed = clusterSchema.safeParse(input.props, { reportInput: true });
  const fields = soundFields(input.props);
  const problems = [
    ...identityProblems(input, fields),
    ...(parsed.success ? [] : problemsOf(parsed.error.issues)),
    ...agreementProblems(fields),
  ];
  if (!parsed.success || problems.length > 0) return { problems };
  return { spec: resolve(String(input.name), String(input.namespace), parsed.data) };
}

/** One bad field must not hide what is wrong between two good ones. */
function soundFields(props: unknown): SoundFields {
  const given = (typeof props === 'object' ? props : null) ?? {};
  const entries = Object.entries(clusterSchema.shape).flatMap(([field, schema]) => {
    const parsed = schema.safeParse((given as Record<string, unknown>)[field]);
    return parsed.success ? [[field, parsed.data] as const] : [];
  });
  return Object.fromEntries(entries);
}

function identityProblems(
  { name, namespace }: ClusterInput,
  { shards = 3, clusterDomain }: SoundFields,
): SpecProblem[] {
  const lastShard = shardName(shards - 1);
  const problems = [...nameProblems(name, lastShard), ...namespaceProblems(namespace)];
  if (problems.length > 0 || clusterDomain === undefined) return problems;
  const database = String(name);
  const lastNode = objectNames(database).node(lastShard, 0);
  return hostProblems(hostName(lastNode, database, String(namespace), clusterDomain));
}

/** What one field cannot know of another. */
function agreementProblems(fields: SoundFields): SpecProblem[] {
  const { engine: name, resources, agent, directives = {} } = fields;
  const version = name && 'version' in fields ? (fields.version ?? defaultVersions[name]) : undefined;
  const badVersion = name && version ? versionProblems(name, version) : [];
  const engine = name && version && badVersion.length === 0 ? { name, version } : undefined;
  const server = resources && resolveServerResources(resources);
  return [
    ...badVersion,
    ...engineProblems(fields, engine),
    ...(server ? resourceProblems(server, ['resources']) : []),
    ...(server ? memoryProblems(server.limits.memory, fields.maxMemory) : []),
    ...(agent ? resourceProblems(resolveAgentResources(agent.resources), ['agent', 'resources']) : []),
    ...directiveProblems(directives, engine),
  ];
}

/** What hangs on the engine; without a sound one nobody can tell. */
function engineProblems({ image, tls }: SoundFields, engine: Engine | undefined): SpecProblem[] {
  if (!engine) return [];
  return [
    ...(image === undefined ? [] : imageProblems(image, engine)),
    ...(tls === undefined || tls === 'off' ? [] : tlsProblems(engine)),
  ];
}

function resolve(name: string, namespace: string, fields: ClusterFields): ClusterSpec {
  const { engine: engineName, version, image, maxMemory, resources: wanted, agent, ...rest } = fields;
  const engine = { name: engineName, version: version ?? defaultVersions[engineName] };
  const resources = resolveServerResources(wanted);
  const limit = parseQuantity(resources.limits.memory) ?? 0;
  return {
    ...rest,
    name,
    namespace,
    engine,
    image: image ?? officialImage(engine),
    maxMemoryBytes: maxMemory === undefined ? defaultMaxMemory(limit) : (parseQuantity(maxMemory) ?? 0),
    resources,
    agent: { ...agent, resources: resolveAgentResources(agent.resources) },
  };
}
