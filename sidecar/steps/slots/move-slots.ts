import type { AgentConfig } from '../../../lib/contract/agent-config';
import { slotCount } from '../../../lib/contract/slot-count';
import { migrationUser } from '../../../lib/contract/names';
import type { Action } from '../../action';
import { commonSlots, countSlots, formatSlots, mergeSlots, subtractSlots } from '../../slots';
import type { SlotRange } from '../../view';
import type { SlotsView } from '../../view-slots';
import { believes, members, owns, type Member } from '../members';
import { wait } from '../step';
import { balance, type Holder } from './balance';
import { everyone } from './everyone';
import { findHalfway, slotsIn, type Halfway } from './halfway';
import { bytesOf, findParties, placeOf, type Party } from './parties';
import { canMigrate, chooseWay } from './way';

/** Pairs of servers between which slots move at the same time; a source moves to one at a time. */
const mostPairs = 16;

/** Share of `maxmemory` up to which a server is filled with slots. */
const fillShare = 0.95;

/** Slots that are to go from one server to another. */
export interface Journey {
  readonly from: Member;
  readonly to: Member;
  readonly slots: readonly SlotRange[];
}

/** What is to move, and what is on its way already. */
export interface MovePlan {
  readonly journeys: readonly Journey[];
  /** Marked at one end by whomever: they are finished before anything new is begun. */
  readonly halfway: readonly Halfway[];
  /** The engine is moving them. */
  readonly running: readonly Journey[];
  readonly parties: readonly Party[];
  /** Why shards are not balanced now, where that is so. */
  readonly why?: string;
}

/**
 * Moves slots until the shards that stay are balanced and those that leave have none. Whatever has been begun is finished first;
 * everything else is made anew from who owns what now.
 */
export function moveSlots(view: SlotsView, config: AgentConfig): readonly Action[] {
  const plan = planMoves(view, config);
  const mend = [
    ...signBackIn(view, config),
    ...plan.halfway.flatMap((each) => close(each)),
    ...nameOwners(plan),
    ...cancel(plan, config),
  ];
  if (mend.length > 0) return mend;
  const begun = finish(plan);
  if ((config.rebalancing ?? 'on') !== 'on') return begun.length > 0 ? begun : pause(plan, config);
  const fresh = begin(plan, view, config);
  const actions = [...begun, ...fresh.actions].slice(0, mostPairs);
  if (actions.length > 0) return actions;
  const why = [...plan.halfway.flatMap(whyStuck), ...fresh.reasons, ...plan.running.map(whyWait)];
  const first = why[0] ?? plan.why;
  return first === undefined ? [] : wait(first);
}

/** What is where, and where it is to go. */
export function planMoves(view: SlotsView, config: AgentConfig): MovePlan {
  const { all: parties, why } = findParties(view.database);
  const halfway = findHalfway(view.database, config);
  const served = mergeSlots(parties.flatMap(({ slots }) => [...slots]));
  const unserved = slotCount - countSlots(served);
  const short = why ?? (unserved > 0 ? `${unserved} slots are served by nobody who answers` : undefined);
  const running = findRunning(parties, view);
  const holders = parties.map((party): Holder => holderOf(party, [...running, ...halfway.flatMap(toJourney)], view));
  // Whoever is away may be back with its slots in a moment; those who leave cannot wait for that.
  const moves = balance(holders).filter(({ from }) => short === undefined || parties[from]!.leaves);
  const journeys = moves.map(({ from, to, slots }) => ({
    from: parties[from]!.member,
    to: parties[to]!.member,
    slots,
  }));
  return { journeys, halfway, running, parties, ...(short === undefined ? {} : { why: short }) };
}

const toJourney = ({ owner, to, slot }: Halfway): Journey[] =>
  to && to !== owner ? [{ from: owner, to, slots: [[slot, slot]] }] : [];

/** As if everything on its way had arrived. */
function holderOf({ member, slots, stays }: Party, underway: readonly Journey[], view: SlotsView): Holder {
  const slotsOf = (end: 'from' | 'to') =>
    underway.filter((journey) => journey[end].name === member.name).flatMap((journey) => [...journey.slots]);
  const arriving = slotsOf('to');
  const large = view.largeKeys.map(({ slot }): SlotRange => [slot, slot]);
  const held = mergeSlots([...subtractSlots(slots, slotsOf('from')), ...arriving]);
  return { slots: held, fixed: [...arriving, ...commonSlots(held, large)], stays };
}

function findRunning(parties: readonly Party[], { accounts }: SlotsView): Journey[] {
  return parties.flatMap(({ member: from }) =>
    (accounts[from.name]?.migrations ?? []).flatMap((migration): Journey[] => {
      const to = parties.find(({ member }) => member.cluster.id === migration.toId)?.member;
      const slots = commonSlots(migration.slots, from.self.slots);
      return migration.state === 'running' && to && slots.length > 0 ? [{ from, to, slots }] : [];
    }),
  );
}

/**
 * Whoever began a migration and was killed before it was let in has left its source signed in as what can copy nothing: should it lose
 * its role, it could not follow. While this cycle looks, no migration of its own is beginning.
 */
function signBackIn({ database }: SlotsView, { namespace, database: name }: AgentConfig): Action[] {
  const user = migrationUser(namespace, name);
  return members(everyone(database))
    .filter(({ self, cluster }) => self.role === 'primary' && cluster.replicationUser === user)
    .map((member) => ({ do: 'sign-back-in', at: placeOf(member) }));
}

/** The other end is the owner by now, or gone for good. */
function close({ slot, owner, to, lost, id }: Halfway): Action[] {
  if (to !== owner && !lost) return [];
  const why = lost ? `${id} is gone for good` : 'it has arrived';
  return [{ do: 'close-slots', at: placeOf(owner), slots: [[slot, slot]], why }];
}

/**
 * A server takes no news of who owns a slot that is on its way to it. One that was marked before the first news came would turn every key
 * away for ever.
 */
function nameOwners(plan: MovePlan): Action[] {
  return pairsOf(plan).flatMap(({ from, to, slots }) => {
    const known = to.cluster.table.flatMap((entry) => [...entry.slots]);
    const unknown = subtractSlots(slots, known);
    return unknown.length === 0 ? [] : [{ do: 'name-owner', at: placeOf(to), owner: placeOf(from), slots: unknown }];
  });
}

function cancel({ running }: MovePlan, { rebalancing }: AgentConfig): Action[] {
  if (rebalancing !== 'cancelled') return [];
  const sources = [...new Set(running.map(({ from }) => from))];
  return sources.map((from) => ({ do: 'cancel-migrations', from: placeOf(from) }));
}

/** One action for each pair of servers that has slots half-way. */
const finish = (plan: MovePlan): Action[] => pairsOf(plan).map((journey) => byKey(journey, plan.parties, true));

/** What is half-way, by its two ends. */
function pairsOf({ halfway }: MovePlan): Journey[] {
  const pairs = new Map(
    halfway.flatMap((each) => toJourney(each)).map(({ from, to }) => [`${from.name} ${to.name}`, { from, to }]),
  );
  return [...pairs.values()].map(({ from, to }) => ({
    from,
    to,
    slots: slotsIn(halfway.filter((each) => each.owner === from && each.to === to)),
  }));
}

const byKey = ({ from, to, slots }: Journey, parties: readonly Party[], begun: boolean): Action => {
  const others = parties.map(({ member }) => member).filter(({ name }) => name !== from.name && name !== to.name);
  const first = !owns(to);
  return { do: 'move-slots', from: placeOf(from), to: placeOf(to), slots, begun, first, tell: others.map(placeOf) };
};

/** New journeys, one from each source that does nothing else. */
function begin(plan: MovePlan, view: SlotsView, config: AgentConfig) {
  const { journeys, halfway, running, parties } = plan;
  const busy = new Set([...running.map(({ from }) => from.name), ...halfway.map(({ owner }) => owner.name)]);
  const actions: Action[] = [];
  const reasons: string[] = [];
  for (const journey of journeys) {
    const { from, to, slots } = journey;
    const reason = whyNot(journey, plan);
    if (reason !== undefined) reasons.push(reason);
    if (reason !== undefined || busy.has(from.name)) continue;
    const way = chooseWay(from, to, config, view.accounts[from.name]);
    if (typeof way === 'object') reasons.push(`${from.name} cannot migrate slots to ${to.name}: ${way.reason}`);
    else if (way === 'by key') actions.push(byKey(journey, parties, false));
    else actions.push({ do: 'migrate-slots', from: placeOf(from), to: placeOf(to), slots });
    // The engine queues its migrations itself.
    if (!canMigrate(from, config)) busy.add(from.name);
  }
  return { actions, reasons: [...reasons, ...whyShort(plan, view)] };
}

/** Room is looked for before anything is sent, for everything that is planned. */
function whyNot({ from, to, slots }: Journey, { journeys, parties }: MovePlan): string | undefined {
  const party = parties.find(({ member }) => member === to);
  if (party?.unready !== undefined) return party.unready;
  const known = believes(to, from.cluster.id)?.slots ?? [];
  if (subtractSlots(slots, known).length > 0) return `${to.name} has not heard yet what ${from.name} owns`;
  const { usedMemoryBytes, maxMemoryBytes } = to.server;
  const arriving = journeys.filter((journey) => journey.to === to);
  const bytes = arriving.reduce((sum, journey) => sum + bytesOf(journey.from, countSlots(journey.slots)), 0);
  if (maxMemoryBytes === 0 || usedMemoryBytes + bytes <= maxMemoryBytes * fillShare) return undefined;
  const room = Math.max(0, Math.floor(maxMemoryBytes * fillShare) - usedMemoryBytes);
  return `${to.name} has room for ${room} bytes, and ${bytes} are to move there, some from ${from.name}`;
}

/** Large keys that keep a shard from being drained: others have given another slot instead. */
function whyShort({ parties, journeys }: MovePlan, { largeKeys }: SlotsView): string[] {
  if (journeys.length > 0) return [];
  return parties
    .filter(({ stays, slots }) => !stays && slots.length > 0)
    .flatMap(({ member, slots }) => {
      const large = largeKeys.find(({ slot }) => commonSlots(slots, [[slot, slot]]).length > 0);
      return large ? [`${member.name} keeps slot ${large.slot}: its key "${large.key}" has ${large.bytes} bytes`] : [];
    });
}

const whyStuck = ({ slot, owner, to, id }: Halfway): string[] =>
  to ? [] : [`slot ${slot} of ${owner.name} is half-way to ${id}, which does not answer`];

const whyWait = ({ from, to, slots }: Journey): string =>
  `${from.name} is migrating slots ${formatSlots(slots)} to ${to.name}`;

function pause({ journeys, running }: MovePlan, { rebalancing }: AgentConfig): readonly Action[] {
  const left = countSlots([...journeys, ...running].flatMap(({ slots }) => [...slots]));
  return left > 0 ? wait(`rebalancing is ${rebalancing!}: ${left} slots would move`) : [];
}
