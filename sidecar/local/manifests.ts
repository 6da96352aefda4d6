import { parseAllDocuments } from 'yaml';
import type * as z from 'zod';

import { parseAgentConfig, type AgentConfig } from '../../lib/contract/agent-config';
import { newestSchema } from '../../lib/contract/render-agent-config';
import { hookAnnotation, keys } from '../../lib/contract/names';
import { configMapSchema, secretSchema, statefulSetSchema, type StatefulSet } from './kubernetes-objects';
import { planPods, type PodPlan } from './pod/plan';

/** What a machine needs to run a database, as its manifests say it. */
export interface DatabasePlan {
  readonly config: AgentConfig;
  /** In the order of the contract. */
  readonly pods: readonly PodPlan[];
  /** Content of Secrets that are in the manifests, by name and key. Others are only referred to. */
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** What {@link readManifests} finds by name. */
export interface Objects {
  readonly statefulSets: readonly StatefulSet[];
  readonly configMaps: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly secrets: DatabasePlan['secrets'];
}

/**
 * Reads the manifests of one database, as `synth` writes them.
 *
 * @throws Error where the text is not YAML, or holds no database or several, or one whose parts disagree
 */
export function readManifests(text: string): DatabasePlan {
  const objects = collect(text);
  const key = keys.agentConfig(newestSchema);
  const contracts = [...objects.configMaps.values()].filter((data) => Object.hasOwn(data, key));
  const [contract] = contracts;
  if (!contract || contracts.length > 1) {
    throw new Error(
      `${contracts.length} databases in the manifests, exactly one can run: ConfigMaps with a key "${key}"`,
    );
  }
  const config = parseAgentConfig((name) => contract[name]);
  return { config, pods: planPods(config, objects), secrets: objects.secrets };
}

interface Described {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** There for a sync only; nobody syncs here. */
const isHook = ({ metadata }: Described): boolean => metadata?.annotations?.[hookAnnotation] !== undefined;

function collect(text: string): Objects {
  const documents = parseAllDocuments(text, { logLevel: 'error' });
  if ('empty' in documents) throw new Error('no manifests: the file is empty');
  const found = documents.map((document) => {
    const [problem] = document.errors;
    if (problem) throw new Error(`manifests are not YAML: ${problem.message}`);
    return document.toJS() as Described | null;
  });
  const every = <T extends z.ZodType>(kind: string, schema: T): z.output<T>[] =>
    found.filter((object) => object?.kind === kind && !isHook(object)).map((object) => parse(schema, object, kind));
  return {
    statefulSets: every('StatefulSet', statefulSetSchema),
    configMaps: new Map(every('ConfigMap', configMapSchema).map(({ metadata, data }) => [metadata.name, data])),
    secrets: new Map(every('Secret', secretSchema).map((secret) => [secret.metadata.name, contentOf(secret)])),
  };
}

function parse<T extends z.ZodType>(schema: T, object: unknown, kind: string): z.output<T> {
  const result = schema.safeParse(object);
  if (result.success) return result.data;
  const name = (object as { metadata?: { name?: string } }).metadata?.name ?? 'without a name';
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${kind} ${name} is not understood: ${problems.join('; ')}`);
}

function contentOf({ data, stringData }: z.infer<typeof secretSchema>): Record<string, string> {
  const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]);
  return { ...(Object.fromEntries(decoded) as Record<string, string>), ...stringData };
}
