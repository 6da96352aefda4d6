import { act } from '../act';
import { describe, type Action } from '../action';
import { createCoordinator } from '../coordinator';
import { runCycle, withPatience } from '../cycle';
import { createDatabaseObserver } from '../observe';
import { createSetObserver } from '../observe-sets';
import { planDatabase } from '../plan';
import type { DatabaseView } from '../view';
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
  const view = await observerOf(wiring)();
  const actions = planDatabase(view, config());
  process.stdout.write(
    actions.length === 0 ? 'nothing to do\n' : actions.map((action) => `${describe(action)}\n`).join(''),
  );
  return actions.length === 0 ? 0 : 1;
}

/** Looks at the whole database, and at how far its pods are rolled out. */
function observerOf(wiring: Wiring): () => Promise<DatabaseView> {
  const config = wiring.config.current;
  const { observe } = createDatabaseObserver({ ...wiring, config });
  const withSets = createSetObserver({ ...wiring, config });
  return async () => withSets(await observe());
}

async function converge(wiring: Wiring, boundMs: number): Promise<number> {
  const { clock, log, platform, identity } = wiring;
  const config = wiring.config.current;
  await requireNoPause(wiring);
  const coordinator = createCoordinator({
    platform,
    clock,
    log,
    holder: `${identity.node}@${identity.ip}/${process.pid}`,
  });
  const observe = observerOf(wiring);
  const perform = withPatience((action) => act(action, { ...wiring, config }), clock);
  const actWhileLeading = async (action: Action) => (coordinator.leading() ? perform(action) : undefined);
  const office = new AbortController();
  const term = coordinator.run(office.signal);
  const until = clock.now() + boundMs;
  let last = '';
  try {
    while (clock.now() < until) {
      const plan = (view: Parameters<typeof planDatabase>[0]) => planDatabase(view, config());
      const { actions, sentence } = await runCycle({
        observe,
        plan,
        act: actWhileLeading,
        rest: () => 'the database is complete',
      });
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
