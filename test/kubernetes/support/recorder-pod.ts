import { readFileSync } from 'node:fs';

import { objectNames, ports } from '../../../lib/contract/names';
import { recorderBundle } from '../../servers/support/bundle';
import { startHelper, type Helper } from './helper-pods';
import { database, type Orders } from './orders';
import type { Namespace } from './namespace';
import type { Setting } from './setting';
import { tell } from './progress';
import { until } from './until';

/** Fewest confirmed writes of a case: with less it shows nothing. */
const fewestWrites = 1000;

/** A few hundred writes a second: many enough for every slot, few enough for a cluster on one machine. Milliseconds. */
const paceMs = 5;

const program = '/program/recorder.js';
const writes = '/record/writes';

const countLines = `console.log(require('fs').readFileSync('${writes}', 'utf8').split('\\n').length)`;

/** What is written to, and from where. */
export interface Written {
  readonly namespace: Namespace;
  readonly setting: Setting;
  /** Kubernetes node that the test leaves alone. */
  readonly quietNode: string;
  /** `host:port` of servers, or of a Service. */
  readonly seeds: readonly string[];
  /** Secret with the password, under the key `password`. */
  readonly secret: string;
  /** Every key is on one primary. */
  readonly whole: boolean;
  /** Its name, where the seeds are Sentinels. */
  readonly master?: string;
  /** Writes from a machine's own network, in which no name of a pod or Service resolves. The namespace has to let it. */
  readonly outside?: true;
}

/** The cluster of most tests. */
const written = ({ namespace, setting, quietNode }: Orders): Written => {
  const names = objectNames(database);
  const nodes = ['shard-0', 'shard-1', 'shard-2'].flatMap((shard) =>
    [0, 1].map((ordinal) => names.node(shard, ordinal)),
  );
  const hosts = [names.clientService, ...nodes.map((node) => `${node}.${names.headlessService}`)];
  const seeds = hosts.map((host) => `${host}:${ports.client}`);
  return { namespace, setting, quietNode, seeds, secret: 'orders-auth', whole: false };
};

/** What the client has felt. */
export interface Felt {
  /** Longest time in which no write to one and the same slot was accepted. Milliseconds. */
  readonly longestSilenceMs: number;
}

/**
 * Lets a client in the cluster write all the time while something happens; afterwards every write that a replica has
 * confirmed is read back.
 *
 * @throws Error where one is lost, or they are too few to show anything
 */
export const underWrites = (orders: Orders, name: string, happen: () => Promise<void>): Promise<Felt> =>
  whileWriting(written(orders), name, happen);

/** {@link underWrites} to any database. */
export async function whileWriting(target: Written, name: string, happen: () => Promise<void>): Promise<Felt> {
  const pod = `recorder-${name}`;
  const { kubectl } = target.namespace;
  const inside = (container: string, ...command: string[]) =>
    kubectl(['exec', pod, `--container=${container}`, '--', ...command], { boundMs: 120_000 });
  const log = () => kubectl(['logs', pod, '--container=record']);
  const has = (sentence: string) => async () =>
    (await log()).includes(sentence) ? undefined : `it says: ${await log()}`;

  await provideProgram(target);
  await startHelper(target.namespace, recorderPod(pod, target));
  // What is confirmed when something breaks is what may be lost.
  await until('the recorder has written', 30_000, async () => {
    const count = Number(await inside('verify', 'node', '--eval', countLines));
    return count >= fewestWrites ? undefined : `${count} writes are confirmed`;
  });
  await happen();
  // The command may end together with the container that it ends.
  await inside('record', 'node', '--eval', "process.kill(1, 'SIGTERM')").catch(() => undefined);
  await until('the recorder ends', 15_000, has('longest time'));
  const verdict = await inside('verify', 'node', program, 'verify', writes, `${fewestWrites}`);
  const felt = (await log()).trim().split('\n').at(-1)!;
  tell(`${name}: ${verdict.trim()}; ${felt}`);
  await kubectl(['delete', 'pod', pod]);
  return { longestSilenceMs: Number(/(\d+) ms$/.exec(felt)![1]) };
}

/** The program as a ConfigMap, once a namespace. */
async function provideProgram({ namespace }: Written): Promise<void> {
  const data = { 'recorder.js': readFileSync(recorderBundle(), 'utf8') };
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'recorder' }, data };
  await namespace.create(configMap).catch((error: unknown) => {
    if (!(error as Error).message.includes('AlreadyExists')) throw error;
  });
}

/** Two containers of the agent's image, for the Node in it: one writes until it is told, the other outlives it to read the record. */
function recorderPod(name: string, { quietNode, setting, seeds, secret, whole, master, outside }: Written): Helper {
  const shared = {
    image: setting.agentImage,
    env: [
      { name: 'SEEDS', value: seeds.join() },
      ...(whole ? [{ name: 'WHOLE', value: 'yes' }] : []),
      ...(master === undefined ? [] : [{ name: 'MASTER', value: master }]),
      { name: 'PACE_MS', value: `${paceMs}` },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: secret, key: 'password' } } },
    ],
    volumeMounts: [
      { name: 'program', mountPath: '/program' },
      { name: 'record', mountPath: '/record' },
    ],
  };
  return {
    name,
    node: quietNode,
    containers: [
      { ...shared, name: 'record', command: ['node', program, 'record', writes] },
      { ...shared, name: 'verify', command: ['node', '--eval', 'setInterval(() => undefined, 1e6)'] },
    ],
    volumes: [
      { name: 'program', configMap: { name: 'recorder' } },
      { name: 'record', emptyDir: {} },
    ],
    ...(outside ? { more: { hostNetwork: true, dnsPolicy: 'Default' } } : {}),
  };
}
