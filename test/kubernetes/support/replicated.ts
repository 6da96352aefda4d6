import { buildApp } from '../../../charts/app';
import { keys, objectNames } from '../../../lib/contract/names';
import type { DatabaseStatus } from '../../../sidecar/health';
import { createNamespace, type Namespace } from './namespace';
import { workers } from './nodes';
import { serverPods, type ServerPod } from './pods';
import { readSetting, type Setting } from './setting';
import { until } from './until';

/** A primary with two replicas on the cluster, of either topology that has them. */
export interface ReplicatedOnCluster {
  readonly namespace: Namespace;
  readonly setting: Setting;
  /** Kubernetes node that the test leaves alone. */
  readonly quietNode: string;
  readonly status: () => Promise<DatabaseStatus>;
  /** Waits until agents, labels and Lease say the same. @returns milliseconds it took */
  readonly untilWhole: () => Promise<number>;
  /** The pod with the label. */
  readonly primary: () => Promise<ServerPod>;
}

/** Longest time until it is whole. Milliseconds. */
const boundMs = 150_000;

/**
 * Applies a spec to a namespace of its own.
 *
 * @param text the spec, without a namespace
 * @param what what the namespace is called after
 */
export async function applyReplicated(database: string, text: string, what: string): Promise<ReplicatedOnCluster> {
  const setting = readSetting();
  const names = objectNames(database);
  const namespace = await createNamespace(what, 'restricted');
  const placed = text.replace('metadata: {', `metadata: { namespace: ${namespace.name},`);
  const { app, problems } = buildApp([{ name: `${database}.yaml`, text: placed }], { agentImage: setting.agentImage });
  if (problems.length > 0) throw new Error(`the spec has problems: ${JSON.stringify(problems)}`);
  await namespace.kubectl(['apply', '--filename=-'], { input: app.synthYaml() });

  async function status(): Promise<DatabaseStatus> {
    const { data } = await namespace.get<{ data?: Record<string, string> }>(['configmap', names.status]);
    const published = data?.[keys.status];
    if (published === undefined) throw new Error('no status is published');
    return JSON.parse(published) as DatabaseStatus;
  }

  async function whyNotWhole(): Promise<string | undefined> {
    const pods = await serverPods(namespace, database);
    const waiting = pods.filter(({ ready }) => !ready);
    if (pods.length < 3 || waiting.length > 0)
      return `${pods.length} pods, not ready: ${waiting.map(({ name }) => name).join()}`;
    const { health, reasons, nodes } = await status();
    if (health !== 'Healthy') return `${health}: ${reasons.join('; ')}`;
    const roles = nodes.map(({ name, role }) => `${name} ${role}`).join();
    const labelled = pods.map(({ name, role }) => `${name} ${role}`).join();
    if (roles !== labelled) return `agents say ${roles}, labels ${labelled}`;
    const holder = await namespace.kubectl(['get', 'lease', names.primary, '--output=jsonpath={.spec.holderIdentity}']);
    return pods.find(({ role }) => role === 'primary')?.name === holder ? undefined : `the Lease names ${holder}`;
  }

  return {
    namespace,
    setting,
    quietNode: (await workers()).at(-1)!,
    status,
    untilWhole: () => until('the database is whole', boundMs, whyNotWhole),
    primary: async () => (await serverPods(namespace, database)).find(({ role }) => role === 'primary')!,
  };
}
