/** What a Kubernetes cluster would find wrong with the objects of a database. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

import { parseAgentConfig } from '../../../lib/contract/agent-config';

type Labels = Readonly<Record<string, string>>;

interface Container {
  readonly name: string;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
}

interface Pod {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes: readonly {
      readonly name: string;
      readonly configMap?: { readonly name: string };
    }[];
  };
}

/** An object as it is written to YAML, as far as it is looked at here. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    /** Of a Service the labels themselves. */
    readonly selector: { readonly matchLabels: Labels };
    readonly template: Pod;
    readonly volumeClaimTemplates?: readonly {
      readonly metadata: { readonly name: string; readonly labels: Labels };
    }[];
    readonly ports?: readonly { readonly name: string; readonly targetPort: string | number }[];
  };
  readonly roleRef: { readonly name: string };
  readonly subjects: readonly { readonly name: string }[];
}

interface Definitions {
  readonly kinds: Readonly<Record<string, string>>;
}

interface CustomResource {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: object } }[];
  };
}

const readText = (path: string): string => readFileSync(join(__dirname, path), 'utf8');

/** Kubernetes' own kinds, and those of other projects. A field that nobody knows is refused. */
function compileSchemas(): Map<string, ValidateFunction> {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const kubernetes = JSON.parse(readText('../schemas/kubernetes.json')) as Definitions;
  ajv.addSchema(kubernetes, 'kubernetes');
  const own = Object.entries(kubernetes.kinds).map(
    ([kind, pointer]) => [kind, ajv.compile({ $ref: `kubernetes${pointer}` })] as const,
  );
  const others = ['cert-manager', 'prometheus-operator'].flatMap((file) =>
    readText(`../../../imports/crds/${file}.yaml`)
      .split(/^---$/m)
      .map((text) => (parse(text) ?? {}) as Partial<CustomResource>)
      .flatMap(({ spec }) =>
        spec ? [[spec.names.kind, ajv.compile(closed(spec.versions[0]!.schema.openAPIV3Schema))] as const] : [],
      ),
  );
  return new Map([...own, ...others]);
}

/** A structural schema that refuses fields it does not name. */
function closed(schema: unknown): object {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema as object;
  // Go's regular expressions have flags inside.
  const entries = Object.entries(schema).map(
    ([key, value]) => [key, typeof value === 'string' ? value.replace('(?i)', '') : closed(value)] as const,
  );
  const named = 'properties' in schema && !('additionalProperties' in schema);
  return { ...Object.fromEntries(entries), ...(named ? { additionalProperties: false } : {}) };
}

let validators: Map<string, ValidateFunction> | undefined;

function schemaProblems(object: KubernetesObject): string[] {
  validators ??= compileSchemas();
  const validate = validators.get(object.kind);
  if (!validate) return ['is of a kind without a schema'];
  if (validate(object)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

const longest: Readonly<Record<string, number>> = { StatefulSet: 52, CronJob: 52, Service: 63, Job: 63 };

function nameProblems({ kind, metadata: { name, labels = {} } }: KubernetesObject): string[] {
  const most = longest[kind] ?? 253;
  const long = Object.entries(labels).filter(([key, value]) => value.length > 63 || key.split('/').at(-1)!.length > 63);
  return [
    ...(name.length > most ? [`has a name longer than ${most}`] : []),
    ...(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) ? [] : ['has a name that is none']),
    ...(kind !== 'Service' || /^[a-z][-a-z0-9]*$/.test(name) ? [] : ['has a name that is none of a Service']),
    ...long.map(([key]) => `has a label "${key}" that is too long`),
  ];
}

const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) < index);

function podProblems({ spec }: Pod, claims: readonly string[], has: (kind: string, name: string) => boolean): string[] {
  const volumes = [...spec.volumes.map(({ name }) => name), ...claims];
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const maps = spec.volumes.flatMap(({ configMap }) => (configMap ? [configMap.name] : []));
  return [
    ...repeated([...volumes]).map((name) => `has two volumes "${name}"`),
    ...repeated(containers.map(({ name }) => name)).map((name) => `has two containers "${name}"`),
    ...containers.flatMap(({ name, volumeMounts = [] }) => [
      ...volumeMounts
        .filter((mount) => !volumes.includes(mount.name))
        .map((mount) => `mounts no volume, "${mount.name}"`),
      ...repeated(volumeMounts.map(({ mountPath }) => mountPath)).map((path) => `mounts twice at ${path} of ${name}`),
    ]),
    ...repeated(containers.flatMap(({ ports = [] }) => ports.map((port) => `${port.containerPort}`))).map(
      (port) => `uses the port ${port} twice`,
    ),
    ...maps.filter((name) => !has('ConfigMap', name)).map((name) => `mounts no ConfigMap, "${name}"`),
    ...(has('ServiceAccount', spec.serviceAccountName) ? [] : [`is nobody, "${spec.serviceAccountName}"`]),
  ];
}

/**
 * A line for everything wrong, between the objects and in each.
 *
 * @param userLabels keys that a user chose: they are in no selector
 */
export function manifestProblems(objects: readonly KubernetesObject[], userLabels: readonly string[]): string[] {
  const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const has = (kind: string, name: string) => keys.includes(`${kind} ${name}`);
  const sets = objects.filter(({ kind }) => kind === 'StatefulSet');
  const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
  const problemsOf = (object: KubernetesObject): string[] => [
    ...schemaProblems(object),
    ...nameProblems(object),
    ...(object.kind === 'StatefulSet' ? setProblems(object, budgets, has) : []),
    ...(object.kind === 'ConfigMap' ? contractProblems(object) : []),
    ...(object.kind === 'Job' ? podProblems(object.spec.template, [], has) : []),
    ...(object.kind === 'RoleBinding' && !has('Role', object.roleRef.name) ? ['binds no Role'] : []),
    ...(object.kind === 'RoleBinding' && !object.subjects.every(({ name }) => has('ServiceAccount', name))
      ? ['binds nobody']
      : []),
    ...(object.kind === 'Service' ? serviceProblems(object, sets) : []),
    ...selectorKeys(object)
      .filter((key) => userLabels.includes(key))
      .map((key) => `selects by "${key}", a user's own`),
  ];
  return [
    ...repeated(keys).map((key) => `${key} is there twice`),
    ...objects.flatMap((object, index) => problemsOf(object).map((problem) => `${keys[index]} ${problem}`)),
  ];
}

/** What agents do not understand, and what they would not look at. */
function contractProblems({ data = {} }: KubernetesObject): string[] {
  const documents = Object.entries(data).filter(([key]) => /^agent.*\.json$/.test(key));
  return documents.flatMap(([key, text]) => {
    const read = parseAgentConfig((asked) => (asked === key ? text : undefined));
    return isDeepStrictEqual(read, JSON.parse(text)) ? [] : [`has more in "${key}" than agents read`];
  });
}

function setProblems(
  { spec }: KubernetesObject,
  budgets: readonly KubernetesObject[],
  has: (kind: string, name: string) => boolean,
): string[] {
  const { labels } = spec.template.metadata;
  const covering = budgets.filter((budget) => selects(budget.spec.selector.matchLabels, labels));
  const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  return [
    ...podProblems(spec.template, claims, has),
    ...(selects(spec.selector.matchLabels, labels) ? [] : ['does not select its own pods']),
    ...(covering.length === 1 ? [] : [`has ${covering.length} PodDisruptionBudgets over each pod`]),
  ];
}

/** A Service whose ports no pod has. Those that name a pod select by a label that Kubernetes gives. */
function serviceProblems(object: KubernetesObject, sets: readonly KubernetesObject[]): string[] {
  const given = ['cdk8s-keyspace/role', 'statefulset.kubernetes.io/pod-name'];
  const selector = Object.fromEntries(Object.entries(selectorOf(object)).filter(([key]) => !given.includes(key)));
  const chosen = sets.filter((set) => selects(selector, set.spec.template.metadata.labels));
  const names = chosen.flatMap((set) =>
    [...set.spec.template.spec.containers, ...(set.spec.template.spec.initContainers ?? [])].flatMap(({ ports = [] }) =>
      ports.map(({ name }) => name),
    ),
  );
  return [
    ...(chosen.length > 0 ? [] : ['selects no pod']),
    ...(object.spec.ports ?? []).flatMap(({ targetPort }) =>
      typeof targetPort === 'number' || names.includes(targetPort) ? [] : [`leads to no port "${targetPort}"`],
    ),
  ];
}

const selectorOf = ({ kind, spec }: KubernetesObject): Labels =>
  kind === 'Service' ? (spec.selector as unknown as Labels) : spec.selector.matchLabels;

const selectorKeys = (object: KubernetesObject): string[] =>
  ['Service', 'StatefulSet', 'PodDisruptionBudget'].includes(object.kind) ? Object.keys(selectorOf(object)) : [];
