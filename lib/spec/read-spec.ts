import type * as z from 'zod';

import type { ShardConfig } from '../contract/agent-config';
import type { Engine } from '../contract/engines';
import { schemas, topologies, type FieldsOf, type Kind, type SoundFields } from './kinds';
import { layOut } from './layout';
import { problemsOf } from './problems';
import { parseQuantity } from '../contract/quantity';
import { agreementProblems } from './rules/agreement';
import { defaultVersions, officialImage } from './rules/engine';
import { resolveMaxMemory } from './rules/memory';
import { itselfProblems } from './rules/itself';
import { hostProblems, nameProblems, namespaceProblems, sizeProblems } from './rules/names';
import { nodeProblems, priorityProblems } from './rules/nodes';
import { resolveResources, resolveServerResources, type Resources } from './rules/resources';
import type { SpecProblem } from './spec-error';

/** What a spec leaves open, decided. */
interface Decided {
  readonly name: string;
  readonly namespace: string;
  readonly engine: Engine;
  readonly image: string;
  readonly maxMemoryBytes: number;
  readonly resources: Resources;
  readonly agent: { readonly image?: string; readonly resources: Resources };
  /** Every shard and its nodes. */
  readonly layout: readonly ShardConfig[];
}

type Open = 'engine' | 'version' | 'image' | 'maxMemory' | 'resources' | 'agent';

/** A database with every default decided and every field in agreement with the others. */
export type Spec<K extends Kind> = Omit<FieldsOf<K>, Open> &
  Decided & { readonly kind: K; readonly topology: (typeof topologies)[K] };

/** A database of any kind: the fields that all kinds have. */
export type AnySpec = Omit<FieldsOf<'Standalone'>, Open | 'upgrade' | 'replicaOf'> &
  Decided & { readonly kind: Kind; readonly topology: (typeof topologies)[Kind] };

/** A spec as somebody wrote it. */
export interface SpecInput {
  readonly name: unknown;
  readonly namespace: unknown;
  readonly props: unknown;
}

/** The whole of a spec, or everything that is wrong with it. */
export type ReadSpec<K extends Kind> = { readonly spec: Spec<K> } | { readonly problems: SpecProblem[] };

/** Reads a spec of a kind. */
export function readSpec<K extends Kind>(kind: K, input: SpecInput): ReadSpec<K> {
  const parsed = schemas[kind].safeParse(input.props, { reportInput: true, jitless: true });
  const fields = parsed.success ? soundOf(parsed.data as SoundFields) : soundFields(kind, input.props);
  const problems = [
    ...identityProblems(kind, input, fields),
    ...(parsed.success ? [] : problemsOf(parsed.error.issues)),
    ...agreementProblems(kind, fields),
  ];
  if (!parsed.success || problems.length > 0) return { problems };
  return { spec: resolve(kind, String(input.name), String(input.namespace), parsed.data as FieldsOf<K>) };
}

/** A version that nobody said is sound, and stands for one that is decided here: only one that is wrong has no key. */
const soundOf = (fields: SoundFields): SoundFields => ({ version: undefined, ...fields });

/** One bad field must not hide what is wrong between two good ones. */
function soundFields(kind: Kind, props: unknown): SoundFields {
  const given = (typeof props === 'object' ? props : null) ?? {};
  const entries = Object.entries<z.ZodType>(schemas[kind].shape).flatMap(([field, schema]) => {
    const parsed = schema.safeParse((given as Record<string, unknown>)[field]);
    return parsed.success ? [[field, parsed.data] as const] : [];
  });
  return Object.fromEntries(entries);
}

function identityProblems(kind: Kind, { name, namespace }: SpecInput, fields: SoundFields): SpecProblem[] {
  const problems = [...nameProblems(name, kind, fields), ...namespaceProblems(namespace), ...sizeProblems(fields)];
  const { clusterDomain } = fields;
  if (problems.length > 0 || clusterDomain === undefined) return problems;
  const place = { name: String(name), namespace: String(namespace), clusterDomain };
  const layout = layOut(kind, fields, place);
  return [
    ...hostProblems(layout.flatMap((shard) => shard.nodes.map(({ host }) => host))),
    ...nodeProblems(fields, layout),
    ...itselfProblems(fields, place, layout),
    ...priorityProblems(fields, layout),
  ];
}

function resolve<K extends Kind>(kind: K, name: string, namespace: string, fields: FieldsOf<K>): Spec<K> {
  const { engine: engineName, version, image, maxMemory, resources: wanted, agent, ...rest } = fields;
  const engine = { name: engineName, version: version ?? defaultVersions[engineName] };
  const resources = resolveServerResources(wanted);
  const limit = parseQuantity(resources.limits.memory) ?? 0;
  const decided: Decided = {
    name,
    namespace,
    engine,
    image: image ?? officialImage(engine),
    maxMemoryBytes: resolveMaxMemory(limit, maxMemory),
    resources,
    agent: { ...agent, resources: resolveResources(agent.resources) },
    layout: layOut(kind, fields as SoundFields, { name, namespace, clusterDomain: fields.clusterDomain }),
  };
  return { ...rest, ...decided, kind, topology: topologies[kind] };
}
