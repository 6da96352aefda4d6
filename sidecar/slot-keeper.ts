import type { Place, SlotAction } from './action-slots';
import { moveByKey, windowsIntoOne } from './by-key';
import type { Clock, SlotServer, SlotServers } from './edges';
import { amountLeft, followCourse, progressOf, type Course } from './progress';
import { everyone } from './steps/slots/everyone';
import { members, owns, type Member } from './steps/members';
import { planMoves } from './steps/slots/move-slots';
import { listSlots } from './slots';
import { createTurns, type Turns } from './turns';
import type { AgentConfig } from '../lib/contract/agent-config';
import type { DatabaseView } from './view';
import type { LargeKey, Progress, SlotAccount, SlotMigration, SlotsView } from './view-slots';

/** Looks at slots and moves them. Remembers what a look cannot show: what was found in the way, and what was refused. */
export interface SlotKeeper {
  /** Looks closer where there are slots to move, and only there. */
  readonly observe: (database: DatabaseView) => Promise<SlotsView>;
  readonly act: (action: SlotAction) => Promise<void>;
  /** Without a closer look. */
  readonly areToMove: (database: DatabaseView) => boolean;
  /** As of the last look; undefined while nothing is to move. */
  readonly progress: () => Progress | undefined;
}

/** What it takes to move slots. */
export interface SlotSources {
  readonly config: () => AgentConfig;
  readonly slotServers: SlotServers;
  readonly clock: Clock;
}

/** How long something that stood in the way is believed to stand there. Milliseconds. */
const rememberMs = 600_000;

/** Facts that are dropped when they are old. */
interface Memory<Fact> {
  readonly add: (fact: Fact) => void;
  /** Oldest first, each with its age in milliseconds. */
  readonly all: () => readonly { readonly fact: Fact; readonly ageMs: number }[];
}

function createMemory<Fact>(clock: Clock): Memory<Fact> {
  let facts: { readonly fact: Fact; readonly at: number }[] = [];
  return {
    add: (fact) => void facts.push({ fact, at: clock.now() }),
    all() {
      facts = facts.filter(({ at }) => clock.now() - at < rememberMs);
      return facts.map(({ fact, at }) => ({ fact, ageMs: clock.now() - at }));
    },
  };
}

/** Measures how slots get on from look to look. */
function createMeter({ config, clock }: Pick<SlotSources, 'config' | 'clock'>) {
  let course: Course | undefined;
  let progress: Progress | undefined;
  return {
    progress: () => progress,
    note(view: SlotsView): SlotsView {
      const left = amountLeft(planMoves(view, config()), view);
      course = followCourse(course, left, clock.now());
      progress = course && progressOf(course, left, clock.now());
      return view;
    },
  };
}

/** Whoever moves slots into a server shares its turns with all others who do. */
function createTurnsByTarget(): (id: string) => Turns {
  const known = new Map<string, Turns>();
  return (id) => {
    const turns = known.get(id) ?? createTurns(windowsIntoOne);
    known.set(id, turns);
    return turns;
  };
}

/** One keeper an agent. */
export function createSlotKeeper({ config, slotServers, clock }: SlotSources): SlotKeeper {
  const meter = createMeter({ config, clock });
  const large = createMemory<LargeKey>(clock);
  const refusals = createMemory<{ readonly node: string; readonly migration: SlotMigration }>(clock);
  const turnsInto = createTurnsByTarget();
  const serverAt = ({ node, host, at }: Place): SlotServer => slotServers.of({ name: node, host }, at);

  async function migrate({ from, to, slots }: SlotAction & { do: 'migrate-slots' }): Promise<void> {
    try {
      await serverAt(from).migrate(slots, to.id);
    } catch (error) {
      const { message: reason } = error as Error;
      refusals.add({ node: from.node, migration: { toId: to.id, slots, state: 'failed', reason, quietMs: 0 } });
      throw error;
    }
  }

  async function move(action: SlotAction & { do: 'move-slots' }): Promise<void> {
    const [source, target] = [serverAt(action.from), serverAt(action.to)];
    const ends = { source, target, others: action.tell.map(serverAt), turns: turnsInto(action.to.id) };
    const found = await moveByKey(action, ends, clock);
    found.forEach(large.add);
  }

  async function accountOf({ name, self, address }: Member): Promise<readonly [string, SlotAccount]> {
    const account = await slotServers.of({ name, host: self.hostname }, address).account();
    const refused = refusals.all().filter(({ fact }) => fact.node === name);
    const beside = refused.map(({ fact, ageMs }) => ({ ...fact.migration, quietMs: ageMs }));
    const migrations = [...account.migrations, ...beside].sort((a, b) => b.quietMs - a.quietMs);
    return [name, { ...account, migrations }];
  }

  const look = (database: DatabaseView): SlotsView => {
    return { database, accounts: {}, largeKeys: large.all().map(({ fact }) => fact) };
  };

  return {
    progress: meter.progress,
    areToMove: (database) => anyToMove(look(database), config()),
    async observe(database) {
      const bare = look(database);
      if (!anyToMove(bare, config())) {
        slotServers.close();
        return meter.note(bare);
      }
      const accounts = await Promise.all(members(everyone(database)).filter(owns).map(accountOf));
      return meter.note({ ...bare, accounts: Object.fromEntries(accounts) });
    },
    async act(action) {
      if (action.do === 'move-slots') return move(action);
      if (action.do === 'migrate-slots') return migrate(action);
      return mend(action, serverAt(action.do === 'cancel-migrations' ? action.from : action.at));
    },
  };
}

function anyToMove(view: SlotsView, config: AgentConfig): boolean {
  const { journeys, halfway } = planMoves(view, config);
  return journeys.length > 0 || halfway.length > 0;
}

/** What moves nothing. */
function mend(
  action: Exclude<SlotAction, { readonly do: 'move-slots' | 'migrate-slots' }>,
  server: SlotServer,
): Promise<void> {
  if (action.do === 'sign-back-in') return server.signBackIn();
  if (action.do === 'cancel-migrations') return server.cancelMigrations();
  return server.mark(listSlots(action.slots), action.do === 'name-owner' ? { owner: action.owner.id } : 'stable');
}
