import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Log, NodeHome, Orders, Platform } from './edges';
import { createLoop, type Loop } from './loop';
import { untilBeat } from './pace';

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
  /** Takes in what an agent of this pod has heard before. Never rejects. */
  readonly recall: () => Promise<void>;
  /** Looks at the own pod now and then. */
  readonly loop: Loop;
  /** Calls back when something else is asked for than before. */
  readonly onChange: (listener: () => void) => void;
}

/** Time between two looks at the own pod. Milliseconds. */
const lookEveryMs = 10_000;

/** While the API is away, what it said last holds: also for an agent that is started then. */
export function createOrders(options: OrdersOptions): OrdersWatch {
  const { platform, home, clock, log, config, self } = options;
  const listeners: (() => void)[] = [];
  let known: Orders = { fenced: false };

  async function take(orders: Orders): Promise<void> {
    if (JSON.stringify(orders) === JSON.stringify(known)) return;
    await home.rememberOrders(orders);
    known = orders;
    listeners.forEach((listener) => listener());
  }

  async function look(): Promise<number> {
    await take({ ...known, fenced: await platform.readFence(self) });
    return untilBeat(lookEveryMs, clock.now());
  }

  return {
    whyFenced() {
      if (config().fenced?.includes(self)) return 'the spec says so';
      return known.fenced ? 'its pod says so' : undefined;
    },
    async recall() {
      known = (await home.recallOrders()) ?? known;
    },
    loop: createLoop(clock, look, (error) => {
      log.debug({ error }, 'the own pod cannot be looked at');
      return untilBeat(lookEveryMs, clock.now());
    }),
    onChange: (listener) => void listeners.push(listener),
  };
}
