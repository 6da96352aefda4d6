import { countSlots, formatSlots } from './slots';
import type { Address, SlotRange } from './view';

/** A server at one end of a move, or one that is told of it. */
export interface Place {
  readonly node: string;
  readonly id: string;
  /** Announced host name, '' where none is known. */
  readonly host: string;
  readonly at: Address;
}

/** Everything that is done to slots that have keys. */
export type SlotAction =
  /**
   * Moves slots key by key: `CLUSTER SETSLOT` and `MIGRATE`. Ends after a while, however many are left. Afterwards the servers in `tell`
   * know the new owner.
   */
  | {
      readonly do: 'move-slots';
      readonly from: Place;
      readonly to: Place;
      readonly slots: readonly SlotRange[];
      /** They are half-way already, whatever is in them. */
      readonly begun: boolean;
      /** The target owns nothing yet. */
      readonly first: boolean;
      readonly tell: readonly Place[];
    }
  /** `CLUSTER MIGRATESLOTS`: has the engine move slots by itself; only the beginning is waited for. */
  | { readonly do: 'migrate-slots'; readonly from: Place; readonly to: Place; readonly slots: readonly SlotRange[] }
  /** `CONFIG SET masteruser` on a primary that began to migrate slots and was left as what it did that. */
  | { readonly do: 'sign-back-in'; readonly at: Place }
  /** `CLUSTER CANCELSLOTMIGRATIONS`. */
  | { readonly do: 'cancel-migrations'; readonly from: Place }
  /** `CLUSTER SETSLOT NODE` at the target of slots that are on their way: who has them until then. */
  | { readonly do: 'name-owner'; readonly at: Place; readonly owner: Place; readonly slots: readonly SlotRange[] }
  /** `CLUSTER SETSLOT STABLE`: the other end of a half-moved slot is gone for good. */
  | { readonly do: 'close-slots'; readonly at: Place; readonly slots: readonly SlotRange[]; readonly why: string };

/** Each in English. */
export const slotSentences: {
  readonly [Kind in SlotAction['do']]: (action: Extract<SlotAction, { do: Kind }>) => string;
} = {
  'move-slots': ({ from, to, slots }) => `move ${sizeOf(slots)} from ${from.node} to ${to.node}`,
  'migrate-slots': ({ from, to, slots }) => `have ${from.node} migrate ${sizeOf(slots)} to ${to.node}`,
  'sign-back-in': ({ at }) => `have ${at.node} sign in as a node of its own shard again`,
  'cancel-migrations': ({ from }) => `cancel the slot migrations of ${from.node}`,
  'name-owner': ({ at, owner, slots }) =>
    `tell ${at.node} that ${owner.node} has ${sizeOf(slots)} that are on their way to it`,
  'close-slots': ({ at, slots, why }) => `close slots ${formatSlots(slots)} on ${at.node}: ${why}`,
};

/** `1 slot`, `1365 slots` */
function sizeOf(slots: readonly SlotRange[]): string {
  const count = countSlots(slots);
  return `${count} ${count === 1 ? 'slot' : 'slots'}`;
}

/** Whether it is one of them. */
export const isSlotAction = (action: { readonly do: string }): action is SlotAction => action.do in slotSentences;
