import { act } from '../act';
import { describe, type Action } from '../action';
import { createCoordinator } from '../coordinator';
import { runCycle, withPatience } from '../cycle';
import type { LeaseRecord } from '../edges';
import { createDatabaseObserver, type DatabaseObserver } from '../observe';
import { createSetObserver } from '../observe-sets';
import { planDatabase, planSlots } from '../plan';
import { createSlotKeeper } from '../slot-keeper';
import { createSlotsCycle } from '../slots-cycle';
import type { DatabaseView } from '../view';
import type { DrainOrder } from '../view-drain';
import { requireNoPause } from './pause';
import { wire, type Wiring } from '../wire';

/** How a reconciliation is to be done. */
export interface ReconcileOptions {
  /** Say what would be done next, and do nothing. */
  readonly dryRun?: boolean;
  /** Seconds until it is given up. */
  readonly timeout: number;
}

/** Pause between two passes. Milliseconds. */
const pauseMs = 250;

/**
 * The database cycle until there is nothing left to do. Acts only while it holds the database's Lease; while an agent holds it,
 * that agent acts, and this command waits for the result.
 *
 * @returns 0 where the database is complete, 1 where it was not within the bound, or would not be without doing something (`dryRun`)
 * @throws Error where the agents are paused, but for `dryRun`
 */
export async function reconcile(env: NodeJS.ProcessEnv, options: ReconcileOptions): Promise<number> {
  const wiring = await wire(env);
  try {
    return options.dryRun ? await sayPlan(wiring) : await converge(wiring, options.timeout * 1000);
  } finally {
    wiring.close();
  }
}

async function sayPlan(wiring: Wiring): Promise<number> {
  const config = wiring.config.current;
  const { drain } = await wiring.platform.readLease();
  const view = heed(await observerOf(wiring).observe(), drain);
  const whole = planDatabase(view, config());
  const slots = createSlotKeeper({ ...wiring, config });
  const actions = whole.length > 0 ? whole : planSlots(await slots.observe(view), config());
  process.stdout.write(
    actions.length === 0 ? 'nothing to do\n' : actions.map((action) => `${describe(action)}\n`).join(''),
  );
  return actions.length === 0 ? 0 : 1;
}

/** Shards that are to be drained stay so. */
const heed = (view: DatabaseView, drain: DrainOrder | undefined): DatabaseView => (drain ? { ...view, drain } : view);

/** Looks at the whole database, and at how far its pods are rolled out. */
function observerOf(wiring: Wiring): Pick<DatabaseObserver, 'observe' | 'last'> {
  const config = wiring.config.current;
  const { observe, last } = createDatabaseObserver({ ...wiring, config });
  const withSets = createSetObserver({ ...wiring, config });
  return { observe: async (): Promise<DatabaseView> => withSets(await observe()), last };
}

async function converge(wiring: Wiring, boundMs: number): Promise<number> {
  const { clock, log, platform, identity } = wiring;
  const config = wiring.config.current;
  await requireNoPause(wiring);
  let drain: DrainOrder | undefined;
  const holder = `${identity.node}@${identity.ip}/${process.pid}`;
  const seen = (lease: LeaseRecord): void => void (drain = lease.drain);
  const coordinator = createCoordinator({ platform, clock, log, holder, seen });
  const observer = observerOf(wiring);
  const slots = createSlotKeeper({ ...wiring, config });
  const perform = withPatience((action) => act(action, { ...wiring, config, slots }), clock);
  const actWhileLeading = async (action: Action) => (coordinator.leading() ? perform(action) : undefined);
  const slotsCycle = createSlotsCycle({
    config,
    database: observer,
    slots,
    act: actWhileLeading,
    clock,
    heed: (view) => heed(view, drain),
  });
  const office = new AbortController();
  const term = coordinator.run(office.signal);
  const until = clock.now() + boundMs;
  let last = '';
  try {
    while (clock.now() < until) {
      const whole = await runCycle({
        observe: async () => heed(await observer.observe(), drain),
        plan: (view) => planDatabase(view, config()),
        act: actWhileLeading,
        rest: () => 'the database is complete',
      });
      // Slots move last: everybody has a role by then.
      const { actions, sentence } = whole.actions.length > 0 ? whole : await runCycle(slotsCycle);
      if (sentence !== last) log.info({ command: 'reconcile' }, (last = sentence));
      if (actions.length === 0) return 0;
      await clock.sleep(pauseMs);
    }
    log.warn({ command: 'reconcile' }, `not complete within ${boundMs / 1000} s: ${last}`);
    return 1;
  } finally {
    office.abort();
    await term;
  }
}
