import { describe, type Action } from './action';
import type { Clock } from './edges';

/** Observe, plan, act: what a cycle is made of. */
export interface Cycle<View, Some extends Action = Action> {
  observe(): Promise<View>;
  plan(view: View): readonly Some[];
  act(action: Some): Promise<void>;
  /** What to say when there is nothing to do. */
  rest(view: View): string;
}

/** What one pass has done. */
export interface Outcome<View> {
  readonly view: View;
  readonly actions: readonly Action[];
  readonly failures: readonly { readonly action: Action; readonly reason: string }[];
  /** For people: what was done, or why nothing was. */
  readonly sentence: string;
}

/** One pass. The actions of a plan do not depend on each other, so they are done together. */
export async function runCycle<View, Some extends Action = Action>(cycle: Cycle<View, Some>): Promise<Outcome<View>> {
  const view = await cycle.observe();
  const actions = cycle.plan(view);
  const results = await Promise.allSettled(actions.map((action) => cycle.act(action)));
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ action: actions[index]!, reason: reasonOf(result.reason) }] : [],
  );
  const sentence = actions.length === 0 ? cycle.rest(view) : say(actions, failures);
  return { view, actions, failures, sentence };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Actions that a sentence names; the others are counted. */
const namedActions = 4;

function say(actions: readonly Action[], failures: Outcome<unknown>['failures']): string {
  const named = actions.slice(0, namedActions).map(describe).join('; ');
  const more = actions.length > namedActions ? `; and ${actions.length - namedActions} more` : '';
  const failed = failures[0] ? `; failed: ${describe(failures[0].action)}: ${failures[0].reason}` : '';
  return named + more + failed;
}

/** Milliseconds for which an action is not asked for again: an election takes its time, and asking anew restarts it. */
const patienceMs: Partial<Record<Action['do'], number>> = {
  failover: 2000,
  replicate: 500,
  meet: 1000,
  'bring-configuration': 10_000, // a look at it is good for half of that
  'grow-volume': 20_000, // a look at claims is good for half of that
  'set-partition': 1000,
  'stop-rollout': 1000,
  'replace-pod': 5000,
  follow: 1000,
  'ask-failover': 2000, // a Sentinel learns of its own failover a second after it
  redirect: 500,
  reset: 5000, // the others make themselves known every two seconds
  'shut-down': 12_000, // a primary waits up to 10 s for its replicas: `shutdown-timeout`
};

/** Skips what was asked for a moment ago and may still be on its way. Failed actions may be tried again at once. */
export function withPatience<Some extends Action>(
  act: (action: Some) => Promise<void>,
  clock: Clock,
): (action: Some) => Promise<void> {
  const asked = new Map<string, number>();
  return async (action) => {
    const key = JSON.stringify(action);
    const now = clock.now();
    for (const [other, until] of asked) if (until <= now) asked.delete(other);
    if (asked.has(key)) return;
    await act(action);
    asked.set(key, now + (patienceMs[action.do] ?? 0));
  };
}
