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
const paceMs = 10;

const program = '/program/recorder.js';
const record = '/record/writes';

/**
 * Lets a client in the cluster write all the time while something happens; afterwards every write that a replica has
 * confirmed is read back.
 *
 * @throws Error where one is lost, or they are too few to show anything
 */
export async function underWrites(orders: Orders, name: string, happen: () => Promise<void>): Promise<void> {
  const pod = `recorder-${name}`;
  const { kubectl } = orders.namespace;
  const inside = (container: string, ...command: string[]) =>
    kubectl(['exec', pod, `--container=${container}`, '--', ...command], { boundMs: 120_000 });
  const log = () => kubectl(['logs', pod, '--container=record']);
  const has = (sentence: string) => async () =>
    (await log()).includes(sentence) ? undefined : `it says: ${await log()}`;

  await provideProgram(orders);
  await startHelper(orders.namespace, recorderPod(pod, orders));
  await until('the recorder writes', 15_000, has('recording'));
  await happen();
  // The command may end together with the container that it ends.
  await inside('record', 'node', '--eval', "process.kill(1, 'SIGTERM')").catch(() => undefined);
  await until('the recorder ends', 15_000, has('longest time'));
  const verdict = await inside('verify', 'node', program, 'verify', record, `${fewestWrites}`);
  tell(`${verdict.trim()}; ${(await log()).trim().split('\n').at(-1)!}`);
  await kubectl(['delete', 'pod', pod]);
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
      { ...shared, name: 'record', command: ['node', program, 'record', record] },
      { ...shared, name: 'verify', command: ['node', '--eval', 'setInterval(() => undefined, 1e6)'] },
    ],
    volumes: [
      { name: 'program', configMap: { name: 'recorder' } },
      { name: 'record', emptyDir: {} },
    ],
  };
}
