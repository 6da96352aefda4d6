import type { AgentConfig } from '../lib/contract/agent-config';
import { slotCount } from '../lib/contract/slot-count';
import type { Outcome } from './cycle';
import { countSlots, mergeSlots } from './slots';
import { everyone } from './steps/slots/everyone';
import { findHalfway } from './steps/slots/halfway';
import { planMoves } from './steps/slots/move-slots';
import { members, owns, type Member } from './steps/members';
import type { SlotsView } from './view-slots';
import type { DatabaseView } from './view';

/** How far the shards that leave are drained. */
export interface DrainStatus {
  /** Who has asked for it; absent where the configuration no longer has the shards and nobody asks. */
  readonly by?: string;
  readonly shards: readonly string[];
  /** Slots that they still have; where they do not say, those that no other shard serves. */
  readonly slots: number;
  /** Every slot is served by the others, none is half-way, and the shards know that they have none. */
  readonly done: boolean;
  /** Why nothing moves, where that is so. Known to the coordinator alone. */
  readonly why?: string;
}

/** What is left in shards that leave: those that are asked for, and those that the configuration no longer has. undefined where there are none. */
export function judgeDrain(view: DatabaseView, config: AgentConfig): DrainStatus | undefined {
  const { drain, leaving = [] } = view;
  const shards = [...new Set([...(drain?.shards ?? []), ...leaving.map(({ shard }) => shard)])];
  if (config.topology !== 'cluster' || shards.length === 0) return undefined;
  const all = members(everyone(view));
  const leaves = ({ shard }: Member): boolean => shards.includes(shard);
  const elsewhere = all.filter((member) => owns(member) && !leaves(member)).flatMap(({ self }) => self.slots);
  const unserved = slotCount - countSlots(mergeSlots(elsewhere));
  const held = countSlots(
    mergeSlots(all.filter((member) => owns(member) && leaves(member)).flatMap(({ self }) => self.slots)),
  );
  const halfway = findHalfway(view, config).some(({ owner, to }) => !to || leaves(owner) || leaves(to));
  const done = held === 0 && unserved === 0 && !halfway;
  return { ...(drain ? { by: drain.by } : {}), shards, slots: held > 0 ? held : unserved, done };
}

/** Why a pass of the slots' cycle has moved nothing; undefined where something moves, or nothing is to. */
export function whyNothingMoves(
  { view, actions, failures }: Outcome<SlotsView>,
  config: AgentConfig,
): string | undefined {
  const waits = actions.flatMap((action) => (action.do === 'wait' ? [action.why] : []));
  const reasons = [...waits, ...failures.map(({ reason }) => reason)];
  const idle = reasons.length === actions.length && planMoves(view, config).running.length === 0;
  return idle ? reasons[0] : undefined;
}
