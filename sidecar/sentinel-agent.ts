import { actBesideSentinel } from './act-sentinel';
import { describe, type BesideSentinel } from './action';
import { runCycle, withPatience, type Outcome } from './cycle';
import type { Agent, Edges } from './agent';
import type { Log, Sentinels } from './edges';
import { createKnownAddresses } from './known-addresses';
import { createLoop } from './loop';
import { createDatabaseObserver } from './observe';
import { createOwnSentinelObserver } from './observe-own-sentinel';
import { planSentinel } from './plan-sentinel';
import { isWhole } from './steps/sentinel/whole';
import { answerMs, paceMs } from './steps/replication/timing';
import type { OwnSentinelView } from './view';

/** Pause after something happened. Milliseconds. */
const busyMs = 100;

/** Longest time between two looks before the agent is thought to hang. Milliseconds. */
const hangMs = 30_000;

/** What the agent beside a Sentinel stands on. */
export type SentinelEdges = Omit<Edges, 'leading' | 'onLeading' | 'observed' | 'sentinels'> & {
  readonly sentinels: Sentinels;
  /** Told of every pass: for metrics. */
  readonly observed?: (pass: Outcome<OwnSentinelView>) => void;
};

/** Puts the agent beside a Sentinel together: one cycle, which looks after that Sentinel alone. Nothing runs yet. */
export function createSentinelAgent(edges: SentinelEdges): Omit<Agent, 'saw' | 'requested'> {
  const { clock, log } = edges;
  const config = edges.config.current;
  const book = createKnownAddresses({ book: edges.book, config, server: () => undefined });
  const database = createDatabaseObserver({ ...edges, book, config, answerMs: () => answerMs(config()) });
  const own = createOwnSentinelObserver({ ...edges, config, database });
  const hands = { ...edges, book, config, gavePermit: own.gavePermit };
  const cycle = {
    async observe(): Promise<OwnSentinelView> {
      await edges.config.refresh().catch((error: unknown) => log.warn({ error }, 'the new configuration is not used'));
      return own.observe();
    },
    plan: (view: OwnSentinelView) => planSentinel(view, config()),
    act: withPatience((action: BesideSentinel) => actBesideSentinel(action, hands), clock),
    rest: ({ own: { state, watch } }: OwnSentinelView) =>
      state === 'up' ? `it watches ${watch!.at.ip}:${watch!.at.client}` : 'it is starting',
  };
  const say = createVoice(log);
  const pass = async (): Promise<number> => {
    const outcome = await runCycle(cycle);
    const { actions, failures, sentence } = outcome;
    edges.observed?.(outcome);
    say(sentence, failures.length > 0 ? 'warn' : 'info');
    const waits = actions.every((action) => action.do === 'wait');
    for (const action of actions) announce(action);
    return waits ? paceMs(config()) : busyMs;
  };
  const announce = (action: Parameters<typeof describe>[0]): void => {
    if (action.do !== 'redirect' && action.do !== 'reset') return;
    edges.platform.announce(action, describe(action)).catch((error: unknown) => log.debug({ error }, 'not announced'));
  };
  const loop = createLoop(clock, pass, (error) => {
    say(`cannot look: ${(error as Error).message}`, 'warn');
    return paceMs(config());
  });
  return {
    async run(signal) {
      edges.onDisturbance?.(loop.wake);
      await loop.run(signal);
    },
    report: own.report,
    heard(report) {
      database.heard(report);
      loop.wake();
    },
    readiness: () => isWhole(own.last(), config()),
    alive: () => clock.now() - own.lookedAt() < hangMs,
  };
}

/** A line where something else is to be said than before. */
function createVoice(log: Log): (sentence: string, level: 'info' | 'warn') => void {
  let said = '';
  return (sentence, level) => {
    if (sentence !== said) log[level]({ cycle: 'sentinel' }, sentence);
    said = sentence;
  };
}
