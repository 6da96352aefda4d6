import type { AgentConfig } from '../../../lib/contract/agent-config';
import { containers } from '../../../lib/contract/names';
import type { Container, StatefulSet, Volume } from '../kubernetes-objects';
import type { Objects } from '../manifests';

/** A Secret's files below a path. */
export interface SecretMount {
  readonly path: string;
  readonly secret: string;
  /** Which key becomes which file; absent where every key becomes a file of its name. */
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

/** One container of a pod. */
export interface ContainerPlan {
  /** Command and arguments. */
  readonly command: readonly string[];
  /** Values as they are, or the pod's field that is the value. */
  readonly env: readonly { readonly name: string; readonly value?: string; readonly field?: string }[];
  /** The command that runs, and is waited for, before the container may be stopped. */
  readonly preStop?: readonly string[];
}

/** One node, or Sentinel: what runs, and what it finds on its disks. Every path is absolute, as in a pod. */
export interface PodPlan {
  readonly name: string;
  readonly shard: string;
  readonly server: ContainerPlan;
  readonly agent: ContainerPlan;
  /** Folders that outlive the pod. */
  readonly claims: readonly string[];
  /** Folders that are gone with the pod. */
  readonly scratch: readonly string[];
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretMount[];
}

/**
 * Lays out the pods of the StatefulSets.
 *
 * @throws Error where the contract names other nodes than the StatefulSets make
 */
export function planPods(config: AgentConfig, objects: Objects): PodPlan[] {
  const made = new Map<string, StatefulSet>();
  for (const set of objects.statefulSets) {
    for (let ordinal = 0; ordinal < set.spec.replicas; ordinal++) made.set(`${set.metadata.name}-${ordinal}`, set);
  }
  const pods = config.shards.flatMap((shard) =>
    shard.nodes.map(({ name }) => {
      const set = made.get(name);
      if (!set) throw new Error(`node ${name} is in the contract, and no StatefulSet makes it: synthesize again`);
      return planPod(name, shard.name, set, objects);
    }),
  );
  for (const { name } of config.sentinel?.nodes ?? []) {
    const set = made.get(name);
    if (!set) throw new Error(`Sentinel ${name} is in the contract, and no StatefulSet makes it: synthesize again`);
    pods.push(planPod(name, '', set, objects));
  }
  const extra = [...made.keys()].filter((name) => !pods.some((pod) => pod.name === name));
  if (extra.length > 0) throw new Error(`pods ${extra.join(', ')} are not in the contract: synthesize again`);
  return pods;
}

function planPod(name: string, shard: string, set: StatefulSet, objects: Objects): PodPlan {
  const { containers: main, initContainers, volumes } = set.spec.template.spec;
  const find = (wanted: string): Container => {
    const container = [...main, ...initContainers].find((one) => one.name === wanted);
    if (!container) throw new Error(`StatefulSet ${set.metadata.name} has no container "${wanted}": synthesize again`);
    return container;
  };
  const both = [find(containers.server), find(containers.agent)] as const;
  const mounts = new Map(both.flatMap((one) => one.volumeMounts.map((mount) => [mount.mountPath, mount.name])));
  const claimNames = new Set(set.spec.volumeClaimTemplates.map((claim) => claim.metadata.name));
  const mounted = [...mounts].flatMap(([path, volumeName]) => {
    const volume = volumes.find((one) => one.name === volumeName);
    return volume ? [{ path, volume }] : [];
  });
  return {
    name,
    shard,
    server: planContainer(both[0]),
    agent: planContainer(both[1]),
    claims: [...mounts].filter(([, volumeName]) => claimNames.has(volumeName)).map(([path]) => path),
    scratch: mounted.filter(({ volume }) => volume.emptyDir).map(({ path }) => path),
    files: Object.assign({}, ...mounted.map(({ path, volume }) => filesOf(path, volume, objects))) as PodPlan['files'],
    secrets: mounted.flatMap(({ path, volume }) => secretsOf(path, volume)),
  };
}

const planContainer = ({ command, args, env, lifecycle }: Container): ContainerPlan => {
  const preStop = lifecycle?.preStop?.exec?.command;
  return {
    command: [...command, ...args],
    env: env.map(({ name, value, valueFrom }) => {
      const field = valueFrom?.fieldRef?.fieldPath;
      return { name, ...(value === undefined ? {} : { value }), ...(field === undefined ? {} : { field }) };
    }),
    ...(preStop ? { preStop } : {}),
  };
};

function filesOf(path: string, volume: Volume, { configMaps }: Objects): Record<string, string> {
  const sources = [volume.configMap, ...(volume.projected?.sources ?? []).map((source) => source.configMap)];
  const entries = sources.flatMap((source) => {
    // Every namespace has some that are in no manifest, the one with the API server's certificate among them.
    const data = source ? configMaps.get(source.name) : undefined;
    if (!source || !data) return [];
    const items = source.items ?? Object.keys(data).map((key) => ({ key, path: key }));
    return items.map((item) => [`${path}/${item.path}`, data[item.key] ?? '']);
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function secretsOf(path: string, { secret, projected }: Volume): SecretMount[] {
  const whole = secret ? [{ name: secret.secretName, items: secret.items }] : [];
  const parts = (projected?.sources ?? []).flatMap((source) => (source.secret ? [source.secret] : []));
  return [...whole, ...parts].map(({ name, items }) => ({ path, secret: name, ...(items ? { items } : {}) }));
}
