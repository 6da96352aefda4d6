import type { AgentConfig } from '../lib/contract/agent-config';
import type { Action } from './action';
import type { Cycle } from './cycle';
import type { DatabaseObserver } from './observe';
import { planSlots } from './plan';
import type { SlotKeeper } from './slot-keeper';
import type { DatabaseView } from './view';
import type { SlotsView } from './view-slots';

/** What it takes to look after slots again and again. */
export interface SlotsCycle {
  readonly config: () => AgentConfig;
  readonly database: Pick<DatabaseObserver, 'observe' | 'last'>;
  readonly slots: SlotKeeper;
  readonly act: (action: Action) => Promise<void>;
  /** The view with what is asked of the database as a whole. */
  readonly heed: (view: DatabaseView) => DatabaseView;
}

/** The cycle that moves slots. A database in which none are to move is not looked at for it: somebody else has done so a moment ago. */
export function createSlotsCycle({ config, database, slots, act, heed }: SlotsCycle): Cycle<SlotsView> {
  const plan = (view: SlotsView) => planSlots(view, config());
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
