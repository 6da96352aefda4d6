import type { AgentConfig } from '../lib/contract/agent-config';
import type { Action } from './action';
import type { Cycle } from './cycle';
import type { Clock } from './edges';
import type { DatabaseObserver } from './observe';
import { planSlots } from './plan';
import type { SlotKeeper } from './slot-keeper';
import type { DatabaseView } from './view';
import type { SlotsView } from './view-slots';

/**
 * How long nothing is moved after somebody has been told to end: others may be about to be told too, and a database that goes as a whole
 * moves nothing. Milliseconds.
 */
const newsMs = 2000;

/** What it takes to look after slots again and again. */
export interface SlotsCycle {
  readonly config: () => AgentConfig;
  readonly database: Pick<DatabaseObserver, 'observe' | 'last'>;
  readonly slots: SlotKeeper;
  readonly act: (action: Action) => Promise<void>;
  readonly clock: Clock;
  /** The view with what is asked of the database as a whole. */
  readonly heed: (view: DatabaseView) => DatabaseView;
}

/** The cycle that moves slots. A database in which none are to move is not looked at for it: somebody else has done so a moment ago. */
export function createSlotsCycle({ config, database, slots, act, heed, clock }: SlotsCycle): Cycle<SlotsView> {
  const isNews = createNews(clock);
  const plan = (view: SlotsView) => (isNews(view) ? [] : planSlots(view, config()));
  const look = (view: DatabaseView): Promise<SlotsView> => slots.observe(heed(view));
  return {
    async observe() {
      const last = database.last();
      const seen = last && (await look(last));
      return seen && plan(seen).length === 0 ? seen : look(await database.observe());
    },
    plan,
    act,
    rest: ({ database: { paused: why } }) =>
      why === undefined ? 'every slot is where it is to stay' : `paused, ${why}: no slot is moved`,
  };
}

/** Whether somebody has been told to end a moment ago. */
function createNews(clock: Clock): (view: SlotsView) => boolean {
  let known = '';
  let since = -Infinity;
  return ({ database: { nodes } }) => {
    const ending = nodes.flatMap(({ name, ending: ends }) => (ends ? [name] : [])).join();
    if (ending !== known && ending !== '') since = clock.now();
    known = ending;
    return clock.now() - since < newsMs;
  };
}
