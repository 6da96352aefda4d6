import { readFileSync } from 'node:fs';

import { objectNames, ports } from '../../../lib/contract/names';
import { recorderBundle } from '../../servers/support/bundle';
import { startHelper, type Helper } from './helper-pods';
import { database, type Orders } from './orders';
import { tell } from './progress';
import { until } from './until';

/** Fewest confirmed writes of a case: with less it shows nothing. */
const fewestWrites = 1000;

/** A few hundred writes a second: many enough for every slot, few enough for a cluster on one machine. Milliseconds. */
const paceMs = 5;

const program = '/program/recorder.js';
const writes = '/record/writes';

const countLines = `console.log(require('fs').readFileSync('${writes}', 'utf8').split('\\n').length)`;

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
export async function underWrites(orders: Orders, name: string, happen: () => Promise<void>): Promise<Felt> {
  const pod = `recorder-${name}`;
  const { kubectl } = orders.namespace;
  const inside = (container: string, ...command: string[]) =>
    kubectl(['exec', pod, `--container=${container}`, '--', ...command], { boundMs: 120_000 });
  const log = () => kubectl(['logs', pod, '--container=record']);
  const has = (sentence: string) => async () =>
    (await log()).includes(sentence) ? undefined : `it says: ${await log()}`;

  await provideProgram(orders);
  await startHelper(orders.namespace, recorderPod(pod, orders));
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
async function provideProgram({ namespace }: Orders): Promise<void> {
  const data = { 'recorder.js': readFileSync(recorderBundle(), 'utf8') };
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'recorder' }, data };
  await namespace.create(configMap).catch((error: unknown) => {
    if (!(error as Error).message.includes('AlreadyExists')) throw error;
  });
}

/** Two containers of the agent's image, for the Node in it: one writes until it is told, the other outlives it to read the record. */
function recorderPod(name: string, { quietNode, setting }: Orders): Helper {
  const names = objectNames(database);
  const hosts = [
    names.clientService,
    ...['shard-0', 'shard-1', 'shard-2'].flatMap((shard) =>
      [0, 1].map((ordinal) => `${names.node(shard, ordinal)}.${names.headlessService}`),
    ),
  ];
  const shared = {
    image: setting.agentImage,
    env: [
      { name: 'SEEDS', value: hosts.map((host) => `${host}:${ports.client}`).join() },
      { name: 'PACE_MS', value: `${paceMs}` },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'orders-auth', key: 'password' } } },
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
  };
}
