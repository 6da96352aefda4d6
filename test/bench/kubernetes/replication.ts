import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { labels, objectNames, ports } from '../../../lib/contract/names';
import { createKiller, type Killer } from '../../kubernetes/support/kill';
import { serverPods, untilOthers } from '../../kubernetes/support/pods';
import { applyReplicated, type ReplicatedOnCluster } from '../../kubernetes/support/replicated';
import { until } from '../../kubernetes/support/until';
import type { Figure } from '../figure';
import { startLoadPod } from './load-pod';
import { replicationOperatorFigures } from './operator';
import { measureRows, printRows, sumOf, type Happening, type Row } from './rows';

/** Longest time until pods are replaced, or the database is whole. Milliseconds. */
const boundMs = 180_000;

const database = 'queue';
const names = objectNames(database);

/** How users find the primary: by the Service that leads to it, or by asking the Sentinels. */
const kinds = {
  Replication: () => ({ SERVICE: `${names.leaderService}:${ports.client}` }),
  Sentinel: (namespace: string) => ({
    SENTINELS: `${names.sentinelService}:${ports.sentinel}`,
    MASTER: `${database}.${namespace}`,
  }),
} as const;

type Kind = keyof typeof kinds;

const specOf = (kind: Kind): string => `
kind: ${kind}
metadata: { name: ${database} }
spec:
  engine: valkey
  version: '9.1'
  tls: off
  replicas: 2
  persistence: { size: 1Gi }
  nodeTimeoutMs: 1000
  resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 512Mi } }
`;

/** What takes a machine's power and gives it back: commands that get its name as their last word. */
const { KUBE_OFF: powerOff, KUBE_ON: powerOn } = process.env;

/** A primary with two replicas on the cluster that `KUBECONFIG` names, found through its Service, and then the same with Sentinels. */
export async function kubernetesReplication(): Promise<readonly Figure[]> {
  if (!powerOff || !powerOn) {
    console.log('no machine loses its power: set KUBE_OFF and KUBE_ON to commands that take the name of one');
  }
  const figures: Figure[] = [];
  for (const kind of Object.keys(kinds) as Kind[]) figures.push(...(await measure(kind)));
  return figures;
}

async function measure(kind: Kind): Promise<readonly Figure[]> {
  const began = performance.now();
  const queue = await applyReplicated(database, specOf(kind), 'bench');
  const killer = await createKiller();
  try {
    await queue.untilWhole();
    const healthyMs = performance.now() - began;
    const clients = { ...kinds[kind](queue.namespace.name), PASSWORD: await passwordOf(queue) };
    const load = await startLoadPod(queue, clients);
    try {
      const rows = await measureRows(load, happeningsTo(queue, killer));
      console.log(`${kind}, nodes count as lost after 1 s:`);
      printRows(healthyMs, rows, kind === 'Replication' ? replicationOperatorFigures : {});
      return figuresOf(kind.toLowerCase(), rows);
    } finally {
      await load.end();
    }
  } finally {
    await killer.remove();
    await queue.namespace.remove();
  }
}

async function passwordOf({ namespace }: ReplicatedOnCluster): Promise<string> {
  const { data } = await namespace.get<{ data: Record<string, string> }>(['secret', names.generatedPassword]);
  return Buffer.from(data.password!, 'base64').toString('utf8');
}

function happeningsTo(queue: ReplicatedOnCluster, killer: Killer): Happening[] {
  const { namespace } = queue;
  const pods = () => serverPods(namespace, database);
  const whole = async (happens: () => Promise<unknown>) => {
    await happens();
    await queue.untilWhole();
  };
  const untilAnother = async (happens: () => Promise<unknown>): Promise<void> => {
    const before = await queue.primary();
    await happens();
    await until('another is primary', boundMs, async () => {
      const others = (await pods()).filter(({ name }) => name !== before.name);
      return others.some(({ role }) => role === 'primary') ? undefined : 'nobody else is';
    });
  };
  const happenings: Happening[] = [
    {
      name: 'kill -9 of the primary process',
      happen: () => whole(() => untilAnother(async () => killer.kill(await queue.primary(), 'server'))),
    },
    {
      name: 'kubectl delete pod of the primary',
      happen: () =>
        whole(async () => {
          const { name } = await queue.primary();
          await namespace.kubectl(['delete', 'pod', name], { boundMs });
        }),
    },
    {
      name: 'rolling restart of all 3',
      happen: () =>
        whole(async () => {
          const before = await pods();
          await namespace.kubectl(['rollout', 'restart', 'statefulsets', `--selector=${labels.instance}=${database}`]);
          await untilOthers(pods, before, boundMs);
        }),
    },
  ];
  return powerOff && powerOn ? [...happenings, lossOfPower(queue, untilAnother, powerOff, powerOn)] : happenings;
}

function lossOfPower(
  queue: ReplicatedOnCluster,
  untilAnother: (happens: () => Promise<unknown>) => Promise<void>,
  off: string,
  on: string,
): Happening {
  return {
    name: "power off of the primary's node",
    // The clients' own machine keeps its power.
    prepare: async () => {
      const { name, node } = await queue.primary();
      if (node !== queue.quietNode) return;
      await queue.namespace.kubectl(['delete', 'pod', name], { boundMs });
      await queue.untilWhole();
    },
    happen: async () => {
      const { node } = await queue.primary();
      await untilAnother(() => run(off, node));
      await run(on, node);
      await queue.untilWhole();
    },
  };
}

async function run(command: string, node: string): Promise<void> {
  const [program = '', ...words] = command.split(' ');
  await promisify(execFile)(program, [...words, node]);
}

function figuresOf(kind: string, rows: readonly Row[]): readonly Figure[] {
  const [killed, deleted, rolled, lostPower] = rows as [Row, Row, Row, Row | undefined];
  const planned = [deleted, rolled];
  return [
    { name: `kubernetes-${kind}-kill-pause`, ratio: killed.longestMs / 1500, goal: 1 },
    { name: `kubernetes-${kind}-planned-pause`, ratio: Math.max(deleted.longestMs, rolled.longestMs) / 1500, goal: 1 },
    { name: `kubernetes-${kind}-planned-lost`, ratio: sumOf('lost', planned), goal: 0 },
    ...(lostPower ? [{ name: `kubernetes-${kind}-power-pause`, ratio: lostPower.longestMs / 3000, goal: 1 }] : []),
  ];
}
