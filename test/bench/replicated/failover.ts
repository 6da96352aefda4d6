import { setTimeout as delay } from 'node:timers/promises';

import { credentialsOf } from '../../../sidecar/local/client';
import type { LocalDatabase } from '../../../sidecar/local/supervisor';
import { median, p99, type Figure } from '../figure';
import { untilAnyAccepts } from '../probe';
import { untilReplicated, withReplicated, type Kind } from './database';
import { startSentinelAlone } from './sentinel-alone';
import { countFalseFailovers } from './stalls';

/** Time until a node that says nothing counts as lost, ours and Sentinel's. Milliseconds. */
const detectionMs = 1000;

/** How often the process dies with agents; of that many the worst is the 99th of a hundred. */
const processRounds = 41;

/** How often a node is lost with agents, and the process dies beside Sentinel alone: each takes seconds. */
const slowRounds = 15;

/** What everybody does first who has been told of a new primary: settles down. Milliseconds. */
const settleMs = 1000;

/** Longest time until somebody takes over. Milliseconds. */
const boundMs = 60_000;

/** The most that a client may feel, at the server. Milliseconds. */
const goalsMs = { process: 200, node: 3000 } as const;

/** What is lost, and how a pod of the database loses it. */
const losses = {
  process: (database: LocalDatabase, node: string) => database.pod(node).server.kill(),
  /** Nothing answers, and nothing says so: what the others see of a machine that is gone. */
  node: (database: LocalDatabase, node: string) => {
    const { server, agent } = database.pod(node);
    server.pause();
    agent.pause();
    return Promise.resolve();
  },
} as const;

type Loss = keyof typeof losses;

/**
 * From the loss of a primary to the first write that one of its replicas accepts, with agents and with Sentinels alone, both with a second of
 * detection; and how often a primary is replaced that only stalls, with the detection that users have.
 */
export async function failoverReplication(): Promise<readonly Figure[]> {
  const alone = await measureAlone();
  print('Sentinels alone, process killed', alone);
  const figures: Figure[] = [];
  for (const kind of ['replication', 'sentinel'] as const) {
    const measured = await withReplicated(kind, detectionMs, async (database) => ({
      process: await measure(database, 'process', processRounds),
      node: await measure(database, 'node', slowRounds),
    }));
    print(`${kind}, process killed`, measured.process);
    print(`${kind}, node lost`, measured.node);
    figures.push(...figuresOf(kind, measured, alone));
    figures.push({ name: `failover-${kind}-false`, ratio: await countFalseFailovers(kind), goal: 0 });
  }
  return figures;
}

function figuresOf(kind: Kind, { process, node }: Record<Loss, readonly number[]>, alone: readonly number[]): Figure[] {
  const ratio = { name: `failover-${kind}`, ratio: median(process) / median(alone), goal: 1 };
  const lost = { name: `failover-${kind}-node-p99`, ratio: p99(node) / goalsMs.node, goal: 1 };
  // Where Sentinels choose the successor, their own pace is part of it.
  if (kind === 'sentinel') return [ratio, lost];
  return [
    { ...ratio, goal: 0.1 },
    { name: `failover-${kind}-p99`, ratio: p99(process) / goalsMs.process, goal: 1 },
    lost,
  ];
}

function print(name: string, values: readonly number[]): void {
  const [middle, most] = [median(values), p99(values)].map((ms) => ms.toFixed(0));
  console.log(
    `${name.padEnd(32)} median ${middle} ms, p99 ${most} ms of ${values.map((ms) => ms.toFixed(0)).join(', ')}`,
  );
}

async function measureAlone(): Promise<readonly number[]> {
  const alone = await startSentinelAlone(detectionMs);
  try {
    const tookMs: number[] = [];
    for (let round = 0; round < slowRounds; round++) {
      const primary = await alone.untilWhole();
      await delay(settleMs);
      const replicas = alone.servers.filter((server) => server !== primary);
      const began = performance.now();
      await alone.kill(primary);
      const place = await untilAnyAccepts(replicas, {}, 'probe', boundMs);
      tookMs.push(performance.now() - began);
      await alone.startAgain(primary, place);
    }
    return tookMs;
  } finally {
    await alone.end();
  }
}

async function measure(database: LocalDatabase, loss: Loss, rounds: number): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { primary, replicas } = await untilReplicated(database);
    await delay(settleMs);
    const began = performance.now();
    await losses[loss](database, primary);
    // Whoever serves again: a process that nobody replaces starts again.
    const places = (loss === 'process' ? [primary, ...replicas] : replicas).map((name) => database.pod(name).address);
    await untilAnyAccepts(places, credentialsOf(database), 'probe', boundMs);
    tookMs.push(performance.now() - began);
    if (loss === 'process') continue;
    await database.pod(primary).lose();
    await database.start(primary);
  }
  return tookMs;
}
