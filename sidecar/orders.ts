import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, LeaseRecord, Log, NodeHome, Orders, PeerRequest, Platform } from './edges';
import { createLoop, type Loop } from './loop';
import { untilBeat } from './pace';
import { whyPaused } from './pause';
import type { DatabaseView, OwnView } from './view';
import type { DrainOrder } from './view-drain';

/** What it takes to know what persons ask of an agent. */
export interface OrdersOptions {
  readonly platform: Pick<Platform, 'readFence'>;
  readonly home: Pick<NodeHome, 'rememberOrders' | 'recallOrders'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => AgentConfig;
  /** Name of the own node. */
  readonly self: string;
}

/** What persons ask of one agent, in the spec and beside it. */
export interface OrdersWatch {
  /** Why the own node is to serve nobody; undefined where it may. */
  readonly whyFenced: () => string | undefined;
  /** Why no agent is to do anything; undefined where they may. */
  readonly whyPaused: () => string | undefined;
  /** To whom this agent was asked to hand over; undefined where that is long ago. */
  readonly wished: () => OwnView['wished'];
  /** Takes in what a person asks for through another agent. */
  readonly request: (request: PeerRequest) => void;
  /** Takes in what is told beside the coordinator's lease. */
  readonly heard: (lease: Pick<LeaseRecord, 'paused' | 'drain'>) => void;
  /** The view with what is to be done about the database as a whole. */
  readonly heed: (view: DatabaseView) => DatabaseView;
  /** Takes in what an agent of this pod has heard before. Never rejects. */
  readonly recall: () => Promise<void>;
  /** Looks at the own pod now and then. */
  readonly loop: Loop;
  /** Calls back when something else is asked for than before. */
  readonly onChange: (listener: () => void) => void;
}

/** Time between two looks at the own pod. Milliseconds. */
const lookEveryMs = 10_000;

/** How long a handover that was asked for is tried: who asked waits as long. Milliseconds. */
export const wishForMs = 10_000;

/** While the API is away, what it said last holds: also for an agent that is started then. */
export function createOrders(options: OrdersOptions): OrdersWatch {
  const { platform, home, clock, log, config, self } = options;
  const listeners: (() => void)[] = [];
  let wish = { to: '', epoch: 0, until: -Infinity };
  let known: Orders = { fenced: false, paused: false };
  let drain: DrainOrder | undefined;

  async function take(change: Partial<Orders>): Promise<void> {
    const before = known;
    known = { ...known, ...change };
    if (known.fenced === before.fenced && known.paused === before.paused) return;
    listeners.forEach((listener) => listener());
    await home.rememberOrders(known);
  }

  async function look(): Promise<number> {
    await take({ fenced: await platform.readFence(self) });
    return untilBeat(lookEveryMs, clock.now());
  }

  const loop = createLoop(clock, look, (error) => {
    log.debug({ error }, 'the own pod cannot be looked at');
    return untilBeat(lookEveryMs, clock.now());
  });

  return {
    whyFenced() {
      if (config().fenced?.includes(self)) return 'the spec says so';
      return known.fenced ? 'its pod says so' : undefined;
    },
    whyPaused: () => whyPaused(config(), known),
    wished: () => (clock.now() < wish.until ? { to: wish.to, epoch: wish.epoch } : undefined),
    request(request) {
      if (request.do === 'look-again') {
        loop.wake();
        return;
      }
      wish = { ...request, until: clock.now() + wishForMs };
      listeners.forEach((listener) => listener());
    },
    heard({ paused = false, drain: given }) {
      take({ paused }).catch((error: unknown) => log.warn({ error }, 'cannot note that the agents are paused'));
      const changed = JSON.stringify(given) !== JSON.stringify(drain);
      drain = given;
      if (changed) listeners.forEach((listener) => listener());
    },
    heed: (view) => withOrders(view, whyPaused(config(), known), drain),
    async recall() {
      known = (await home.recallOrders()) ?? known;
    },
    loop,
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The same view where there is nothing to add: what follows from it is known already. */
function withOrders(view: DatabaseView, paused: string | undefined, drain: DrainOrder | undefined): DatabaseView {
  if (paused === undefined && !drain) return view;
  return { ...view, ...(paused === undefined ? {} : { paused }), ...(drain ? { drain } : {}) };
}
