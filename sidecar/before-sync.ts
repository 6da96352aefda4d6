import type { AgentConfig } from '../lib/contract/agent-config';
import { askedAt, describeProgress, follow, isDone, whyGiveUp, type DrainReport, type Patience } from './draining';
import type { Clock, Platform } from './edges';

/** What is said of a database that runs, in its own contract. */
export type RunningContract = Pick<AgentConfig, 'topology' | 'state' | 'rebalancing'> & {
  /** Names. */
  readonly shards: readonly string[];
};

/** The database that runs, as somebody sees it who has no part in it yet. */
export interface Running {
  /** undefined where there is none. */
  readonly contract: () => Promise<RunningContract | undefined>;
  /** undefined where its agents have published nothing. */
  readonly report: () => Promise<DrainReport | undefined>;
  readonly order: Platform['writeDrain'];
}

/** What is to come, and who waits for it. */
export interface SyncOptions {
  readonly running: Running;
  readonly clock: Clock;
  readonly target: Pick<AgentConfig, 'database' | 'shards'>;
  /** Name of the pod that waits. */
  readonly by: string;
  readonly patience: Patience;
  /** Told what happens, a sentence at a time. */
  readonly say: (sentence: string) => void;
  /** Aborted when the pod is to end: another one goes on. */
  readonly signal: AbortSignal;
  /** @default {@link usualPace} */
  readonly pace?: Pace;
}

/** All in milliseconds. */
export interface Pace {
  /** Between two looks. */
  readonly lookMs: number;
  /** Between two orders. */
  readonly renewMs: number;
  /** How long an order is good for whose giver is silent: a pod that was killed is back by then. */
  readonly orderMs: number;
  /** How long it is good for once all is drained: the new contract has reached every pod by then. */
  readonly holdMs: number;
  /** Between two sentences. */
  readonly sayMs: number;
}

/** A kubelet brings a new ConfigMap within a minute and a half; what comes before it in a sync may take some minutes. */
export const usualPace: Pace = { lookMs: 1000, renewMs: 15_000, orderMs: 90_000, holdMs: 600_000, sayMs: 5000 };

/** How it ended: `told` where the pod was to end before. */
export type Ending = 'ready' | 'told';

/**
 * Has the agents that run drain the shards that the manifests of a sync no longer have, and waits for the end of it. They are told beside their
 * Lease, in an order that runs out: a sync that is called off leaves nothing behind.
 *
 * @throws Error that says why the shards cannot be taken out now; they are given their slots back
 */
export async function prepareSync(options: SyncOptions): Promise<Ending> {
  const { running, target, say, clock } = options;
  const contract = await insist(options, running.contract);
  if (!contract) {
    say(`${target.database} is not there yet: there is nothing to drain`);
    return 'ready';
  }
  const report = await insist(options, running.report);
  const leaving = leavingShards(contract, report, target);
  // Also withdraws what was asked for by a sync that was called off.
  const shared = await insist(options, () => running.order(undefined));
  if (leaving.length === 0 || (!shared && !report)) {
    say(leaving.length === 0 ? `no shard of ${target.database} leaves` : `no agent of ${target.database} has ever run`);
    return 'ready';
  }
  const why = whyNever(contract);
  if (why !== undefined) throw refusal(options, leaving, why);
  say(`to be drained before the sync, as ${target.database} is to have them no more: ${leaving.join(', ')}`);
  const began = clock.now();
  const ending = await drain(options, leaving);
  const seconds = Math.round((clock.now() - began) / 1000);
  if (ending === 'ready') say(`drained after ${seconds} s, and ready to go: ${leaving.join(', ')}`);
  return ending;
}

/** Those of the contract that runs, and any that an earlier one had and that still have slots. */
function leavingShards(
  { topology, shards }: RunningContract,
  report: DrainReport | undefined,
  target: SyncOptions['target'],
): string[] {
  const left = report?.drain?.done === false ? report.drain.shards : [];
  const known = topology === 'cluster' ? [...new Set([...shards, ...left])] : [];
  return known.filter((shard) => !target.shards.some(({ name }) => name === shard));
}

/** What nobody need wait for. */
function whyNever({ state, rebalancing = 'on' }: RunningContract): string | undefined {
  if (state === 'hibernated') return 'is hibernated: wake it up in a sync of its own';
  if (state === 'paused') return 'is paused, as its spec says: take that back in a sync of its own';
  return rebalancing === 'on' ? undefined : `moves no slots, its spec says "rebalancing: ${rebalancing}"`;
}

const refusal = ({ target }: SyncOptions, leaving: readonly string[], why: string): Error =>
  new Error(`${leaving.join(', ')} cannot leave now: ${target.database} ${why}`);

async function drain(options: SyncOptions, shards: readonly string[]): Promise<Ending> {
  const { running, clock, by, signal, patience, pace = usualPace } = options;
  const tell = createTeller(options);
  let draining = askedAt(by, clock.now());
  let renewAt = -Infinity;
  while (!signal.aborted) {
    if (clock.now() >= renewAt && (await running.order({ by, shards }, pace.orderMs).catch(() => false))) {
      renewAt = clock.now() + pace.renewMs;
    }
    const report = await running.report().catch(() => undefined);
    draining = follow(draining, report, clock.now());
    if (isDone(draining, report)) {
      await insist(options, () => running.order({ by, shards }, pace.holdMs));
      return 'ready';
    }
    const why = whyGiveUp(draining, report, patience, clock.now());
    if (why !== undefined) {
      await running.order(undefined).catch(() => false);
      throw refusal(options, shards, why);
    }
    tell(draining.answered && report ? describeProgress(report) : 'waiting for an answer of the agents');
    await clock.sleep(pace.lookMs, signal);
  }
  return 'told';
}

/** Says what is new, and not too often. */
function createTeller({ say, clock, pace = usualPace }: SyncOptions): (sentence: string) => void {
  let last = { sentence: '', at: -Infinity };
  return (sentence) => {
    if (sentence === last.sentence || clock.now() - last.at < pace.sayMs) return;
    last = { sentence, at: clock.now() };
    say(sentence);
  };
}

/** An API server that is away for a moment is asked again. */
async function insist<T>(
  { clock, patience, pace = usualPace, signal }: SyncOptions,
  ask: () => Promise<T>,
): Promise<T> {
  const until = clock.now() + patience.answerMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || clock.now() > until) throw error;
      await clock.sleep(pace.lookMs, signal);
    }
  }
}
