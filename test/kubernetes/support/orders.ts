import { randomBytes } from 'node:crypto';

import { containers, keys, objectNames } from '../../../lib/contract/names';
import type { DatabaseStatus } from '../../../sidecar/health';
import type { PublishedStatus } from '../../../sidecar/publish';
import { startHelper } from './helper-pods';
import { synthesizeOrders } from './manifests';
import { createNamespace, type Namespace } from './namespace';
import { workers } from './nodes';
import { serverPods, type ServerPod } from './pods';
import { seconds, tell } from './progress';
import { askServers } from './servers';
import { readSetting, type Setting } from './setting';
import { until } from './until';
import { whyNotWhole } from './wholeness';

/** The example database `orders`, in a namespace of its own that enforces the `restricted` Pod Security Standard. */
export interface Orders {
  readonly setting: Setting;
  readonly namespace: Namespace;
  readonly manifests: string;
  readonly password: string;
  /** Kubernetes node of every helper pod: no fault happens there. */
  readonly quietNode: string;
  /** The other Kubernetes nodes. */
  readonly otherNodes: readonly string[];
  /** `kubectl apply` of the manifests, or of others. @returns what it printed */
  readonly apply: (others?: string) => Promise<string>;
  readonly pods: () => Promise<readonly ServerPod[]>;
  /** Commands through the client Service, from a pod that is none of the database's. @returns a line of answer each */
  readonly send: (commands: readonly string[]) => Promise<readonly string[]>;
  /** Makes a replica the primary of its shard, by the engine's own means. */
  readonly handOver: (replica: ServerPod) => Promise<void>;
  /** What `keyspace status --json` prints in a pod. */
  readonly status: () => Promise<DatabaseStatus>;
  /** What the agents have written for everybody to read. */
  readonly publishedStatus: () => Promise<PublishedStatus | undefined>;
  /** Waits until the database is whole. @returns milliseconds it took */
  readonly whole: (boundMs: number) => Promise<number>;
  readonly remove: () => Promise<void>;
}

/** Name of the database. */
export const database = 'orders';

const clientPod = 'client';

/** Makes the namespace, the password and a pod for the command line; the database is not applied yet. */
export async function prepareOrders(purpose: string): Promise<Orders> {
  const setting = readSetting();
  const nodes = await workers();
  const quietNode = nodes.at(-1)!;
  const namespace = await createNamespace(purpose, 'restricted');
  const password = randomBytes(12).toString('base64url');
  await namespace.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'orders-auth' },
    stringData: { password },
  });
  await startHelper(namespace, { name: clientPod, node: quietNode, containers: [commandLine] });
  const manifests = synthesizeOrders(namespace.name, setting.agentImage);
  return {
    setting,
    namespace,
    manifests,
    password,
    quietNode,
    otherNodes: nodes.slice(0, -1),
    ...accessTo(namespace, manifests),
  };
}

/** Applies the database and waits until it is whole. */
export async function startOrders(purpose: string): Promise<Orders> {
  const orders = await prepareOrders(purpose);
  await orders.apply();
  tell(`whole ${seconds(await orders.whole(120_000))} after it was applied, in ${orders.namespace.name}`);
  return orders;
}

async function send(namespace: Namespace, commands: readonly string[]): Promise<readonly string[]> {
  const client = ['valkey-cli', '-c', '-h', objectNames(database).clientService];
  const output = await namespace.kubectl(['exec', '--stdin', clientPod, '--', ...client], {
    input: commands.join('\n'),
  });
  return output
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('-> Redirected'));
}

const commandLine = {
  name: 'client',
  image: 'valkey/valkey:8.1',
  command: ['sleep', '7200'],
  env: [{ name: 'REDISCLI_AUTH', valueFrom: { secretKeyRef: { name: 'orders-auth', key: 'password' } } }],
} as const;

function accessTo(namespace: Namespace, manifests: string) {
  const pods = () => serverPods(namespace, database);
  const publishedStatus = async (): Promise<PublishedStatus | undefined> => {
    const { data } = await namespace.get<{ data?: Record<string, string> }>([
      'configmap',
      objectNames(database).status,
    ]);
    const text = data?.[keys.status];
    return text === undefined ? undefined : (JSON.parse(text) as PublishedStatus);
  };
  const statusOf = async (pod: string) =>
    JSON.parse(
      await namespace.kubectl(['exec', pod, `--container=${containers.agent}`, '--', 'keyspace', 'status', '--json']),
    ) as DatabaseStatus;
  const status = async () =>
    statusOf((await pods()).find(({ ready }) => ready)?.name ?? objectNames(database).node('shard-0', 0));

  async function whyNot(): Promise<string | undefined> {
    const found = await pods();
    const servers = await askServers(
      namespace,
      clientPod,
      found.map(({ ip }) => ip),
    );
    const reason = whyNotWhole({ pods: found, servers, status: await status() });
    if (reason !== undefined) return reason;
    const published = await publishedStatus();
    return published?.health === 'Healthy' ? undefined : `the published status is ${published?.health ?? 'missing'}`;
  }

  return {
    pods,
    status,
    publishedStatus,
    apply: (others = manifests) => namespace.kubectl(['apply', '--filename=-'], { input: others }),
    send: (commands: readonly string[]) => send(namespace, commands),
    async handOver({ ip }: ServerPod) {
      await namespace.kubectl(['exec', clientPod, '--', 'valkey-cli', '-h', ip, 'cluster', 'failover']);
    },
    whole: (boundMs: number) => until('the database is whole', boundMs, whyNot),
    remove: () => namespace.remove(),
  };
}
