import type { AgentConfig } from '../lib/contract/agent-config';
import { runCycle, type Cycle, type Outcome } from './cycle';
import type { Clock, Log } from './edges';
import type { DatabaseStatus } from './health';
import { createLoop, type Loop } from './loop';
import { untilBeat } from './pace';
import type { Progress } from './view-slots';
import { paceMs } from './steps/replication/timing';
import type { SlotsView } from './view-slots';
import type { DatabaseView, OwnView } from './view';

/** One pass of one of the cycles, for metrics. */
export interface Pass {
  readonly cycle: CycleName;
  readonly tookMs: number;
  readonly outcome: Outcome<AnyView>;
  readonly status?: DatabaseStatus;
  /** Of the cycle `slots`, while slots move. */
  readonly progress?: Progress;
}

/** What one of the cycles looks at. */
type AnyView = OwnView | DatabaseView | SlotsView;

/** The cycles of an agent: its own node, the label of its pod, the whole database, and where that has its slots. */
export type CycleName = 'node' | 'label' | 'database' | 'slots';

/** Those that act for the whole database: one agent has them at a time. */
const forAll: ReadonlySet<CycleName> = new Set<CycleName>(['database', 'slots']);

/** Pace of each cycle while nothing changes; multiples of the shortest, see {@link untilBeat}. Milliseconds. */
const usualMs: Readonly<Record<CycleName, number>> = { node: 2000, label: 2000, database: 10_000, slots: 10_000 };

/** The cycle in which a lost node is noticed where no engine does it. */
const watchful: Partial<Record<AgentConfig['topology'], CycleName>> = {
  replication: 'node',
  sentinel: 'node',
  'multi-master': 'database',
};

/** Longest pause of a cycle while nothing changes: a node counts as lost after several looks. Milliseconds. */
export const calmMsOf = (name: CycleName, config: AgentConfig): number => {
  if (config.replicaOf && name === 'node') return followingMs;
  return watchful[config.topology] === name ? Math.min(usualMs[name], paceMs(config)) : usualMs[name];
};

/** Pace of a node that follows a primary elsewhere: when it is to do so no more, clients wait for it. Milliseconds. */
const followingMs = 500;

/** Pause after something happened. Milliseconds. */
const busyMs = 50;

/** Shortest pause while slots move, and the share of the time they have taken so far: the end of the engine's own migrations is not seen by itself. */
const movingMs = 10;
const movingShare = 20;

/** How often an unchanged sentence is logged again. Milliseconds. */
const repeatSentenceMs = 60_000;

/** What a repeated cycle needs beside itself. */
export interface Repetition {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this agent acts for the whole database now. */
  readonly leading: () => boolean;
  /** Told of every pass: for metrics. */
  readonly observed?: (pass: Pass) => void;
  /** See {@link calmMsOf}. */
  readonly calmMs: () => number;
}

/** A cycle for ever: quick while things change, calmer the longer they stay as they are. */
export function repeat<View extends AnyView>(
  name: CycleName,
  { clock, log, leading, observed, calmMs }: Repetition,
  cycle: Cycle<View>,
  after?: (outcome: Outcome<View>) => Pick<Pass, 'status' | 'progress'>,
): Loop {
  let said = { sentence: '', since: clock.now(), logged: -Infinity };

  function speak(sentence: string, facts: object, level: 'debug' | 'info' | 'warn', moving = false): number {
    const now = clock.now();
    if (sentence !== said.sentence) said = { sentence, since: now, logged: -Infinity };
    if (now - said.logged >= repeatSentenceMs) {
      said.logged = now;
      log[level]({ cycle: name, ...facts }, sentence);
    }
    const longestMs = calmMs();
    const waitedMs = now - said.since;
    const pauseMs = moving ? Math.max(movingMs, waitedMs / movingShare) : Math.max(busyMs, waitedMs / 5);
    return pauseMs < longestMs ? pauseMs : untilBeat(longestMs, clock.now());
  }

  async function pass(): Promise<number> {
    if (forAll.has(name) && !leading()) return untilBeat(usualMs[name], clock.now());
    const began = clock.now();
    const outcome = await runCycle(cycle);
    const { status, progress } = after?.(outcome) ?? {};
    const tookMs = Math.round(clock.now() - began);
    observed?.({ cycle: name, tookMs, outcome, ...(status ? { status } : {}), ...(progress ? { progress } : {}) });
    // A label is news only when it changes.
    const quiet = name === 'label' && outcome.actions.length === 0;
    const level = outcome.failures.length > 0 ? 'warn' : quiet ? 'debug' : 'info';
    const moving = name === 'slots' && outcome.actions.length > 0 && outcome.failures.length === 0;
    const facts = { tookMs, ...(status ? { health: status.health } : {}), ...(progress ? { progress } : {}) };
    return speak(outcome.sentence, facts, level, moving);
  }

  return createLoop(clock, pass, (error) => speak(`cannot look: ${(error as Error).message}`, {}, 'warn'));
}
