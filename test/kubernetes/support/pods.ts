import { containers, labels, serverComponent } from '../../../lib/contract/names';
import type { Namespace } from './namespace';
import { until } from './until';

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
}

interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** A server pod as Kubernetes sees it. */
export interface ServerPod {
  readonly name: string;
  readonly uid: string;
  readonly shard: string;
  /** Its role label, '' without one. */
  readonly role: string;
  /** The Kubernetes node, '' while there is none. */
  readonly node: string;
  readonly ip: string;
  readonly ready: boolean;
  readonly scheduled: boolean;
  readonly restarts: { readonly server: number; readonly agent: number };
  /** As the container runtime names them, '' while there are none. */
  readonly containerIds: { readonly server: string; readonly agent: string };
}

/** Selects the server pods of a database. */
export const serverPodsOf = (database: string): string =>
  `--selector=${labels.instance}=${database},${labels.component}=${serverComponent}`;

/** The server pods of a database, in order. */
export async function serverPods(namespace: Namespace, database: string): Promise<readonly ServerPod[]> {
  const { items } = await namespace.get<{ items: readonly PodObject[] }>(['pods', serverPodsOf(database)]);
  return items.map(readPod).sort((a, b) => a.name.localeCompare(b.name));
}

function readPod({ metadata, spec, status }: PodObject): ServerPod {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const of = (name: string) => all.find((container) => container.name === name);
  const is = (type: string) =>
    status.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
  const idOf = (name: string) => of(name)?.containerID?.replace(/^.*:\/\//, '') ?? '';
  return {
    name: metadata.name,
    uid: metadata.uid,
    shard: metadata.labels[labels.shard] ?? '',
    role: metadata.labels[labels.role] ?? '',
    node: spec.nodeName ?? '',
    ip: status.podIP ?? '',
    ready: is('Ready') && metadata.deletionTimestamp === undefined,
    scheduled: is('PodScheduled'),
    restarts: { server: of(containers.server)?.restartCount ?? 0, agent: of(containers.agent)?.restartCount ?? 0 },
    containerIds: { server: idOf(containers.server), agent: idOf(containers.agent) },
  };
}

/** Waits until there are other pods of the same names, each on a node. @returns milliseconds it took */
export const untilOthers = (
  pods: () => Promise<readonly ServerPod[]>,
  old: readonly ServerPod[],
  boundMs: number,
): Promise<number> =>
  until('the pods are replaced', boundMs, async () => {
    const now = new Map((await pods()).map((pod) => [pod.name, pod]));
    const kept = old.find(({ name, uid }) => now.get(name)?.uid === uid || now.get(name)?.scheduled !== true);
    return kept && `${kept.name} is not`;
  });
