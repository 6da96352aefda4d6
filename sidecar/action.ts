import type { Address, Role, SlotRange } from './view';
import { countSlots, formatSlots } from './slots';

/** A server at one end of a move, or one that is told of it. */
export interface Place {
  readonly node: string;
  readonly id: string;
  /** Announced host name, '' where none is known. */
  readonly host: string;
  readonly at: Address;
}

/** Everything the agent can do. Each is idempotent: done twice, the second time changes nothing. */
export type Action =
  /** Nothing can be done until something happens elsewhere. Keeps later steps from going ahead. */
  | { readonly do: 'wait'; readonly why: string }
  /** `CLUSTER SET-CONFIG-EPOCH`, only ever on a server that knows nobody. */
  | { readonly do: 'set-epoch'; readonly node: string; readonly epoch: number }
  /** `CONFIG SET cluster-node-timeout`. */
  | { readonly do: 'set-node-timeout'; readonly node: string; readonly ms: number }
  /** `CLUSTER ADDSLOTSRANGE`, slots that nobody owns. */
  | { readonly do: 'assign-slots'; readonly node: string; readonly slots: readonly SlotRange[] }
  /** `CLUSTER MEET`: makes `node` talk to `peer`, where it is now. */
  | { readonly do: 'meet'; readonly node: string; readonly peer: string; readonly at: Address }
  /** `CLUSTER REPLICATE`. */
  | { readonly do: 'replicate'; readonly node: string; readonly primary: string; readonly primaryId: string }
  /** `CONFIG SET masteruser`, until the server's next start: as whom a replica signs in at its primary. */
  | { readonly do: 'set-replication-user'; readonly node: string; readonly primary: string; readonly user: string }
  /** `CLUSTER FAILOVER`, sent to the replica `node`, whose id is `id`; `force` when the primary cannot take part. */
  | {
      readonly do: 'failover';
      readonly node: string;
      readonly id: string;
      readonly from: string;
      readonly force: boolean;
    }
  /** `CLUSTER FAILOVER TAKEOVER`, sent to the replica `node`: without a vote, in place of a primary that is gone for good. */
  | { readonly do: 'promote'; readonly node: string; readonly fromId: string }
  /** `CLUSTER FORGET` of an id nobody needs, on every node that knows it. */
  | { readonly do: 'forget'; readonly id: string; readonly nodes: readonly string[] }
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
  | { readonly do: 'close-slots'; readonly at: Place; readonly slots: readonly SlotRange[]; readonly why: string }
  /** Lets the own server go ahead with this start, and no other. */
  | { readonly do: 'permit'; readonly node: string; readonly start: string; readonly why: string }
  /** Deletes the keys of slots that others own, and their marks: `ASKING`, `UNLINK`, `CLUSTER SETSLOT STABLE`. */
  | { readonly do: 'discard'; readonly node: string; readonly slots: readonly SlotRange[] }
  /** Tells the own server who is let in now. */
  | { readonly do: 'set-accounts'; readonly node: string }
  /** Tells every other agent that this pod is ending. */
  | { readonly do: 'tell-ending'; readonly node: string }
  /** Lets the own pod end; `drained` where its shard has left and has given everything away. */
  | { readonly do: 'release'; readonly node: string; readonly why: string; readonly drained?: true }
  /** Sets the role label of the own pod. */
  | { readonly do: 'label'; readonly node: string; readonly role: Role };

/** The action in English, for logs, `--dry-run` and tests. */
export function describe(action: Action): string {
  switch (action.do) {
    case 'wait':
      return `wait: ${action.why}`;
    case 'set-epoch':
      return `give ${action.node} the config epoch ${action.epoch}`;
    case 'set-node-timeout':
      return `set the node timeout of ${action.node} to ${action.ms} ms`;
    case 'assign-slots':
      return `assign slots ${formatSlots(action.slots)} to ${action.node}`;
    case 'meet':
      return `introduce ${action.peer} at ${action.at.ip}:${action.at.client} to ${action.node}`;
    case 'replicate':
      return `make ${action.node} a replica of ${action.primary}`;
    case 'set-replication-user':
      return `have ${action.node} sign in as a replica of ${action.primary}`;
    case 'failover':
      return `${action.force ? 'fail over' : 'hand over'} from ${action.from} to ${action.node}`;
    case 'promote':
      return `promote ${action.node} in place of ${action.fromId}, which is gone for good`;
    case 'forget':
      return `forget ${action.id} on ${action.nodes.join(', ')}`;
    case 'move-slots':
      return `move ${sizeOf(action.slots)} from ${action.from.node} to ${action.to.node}`;
    case 'migrate-slots':
      return `have ${action.from.node} migrate ${sizeOf(action.slots)} to ${action.to.node}`;
    case 'sign-back-in':
      return `have ${action.at.node} sign in as a node of its own shard again`;
    case 'cancel-migrations':
      return `cancel the slot migrations of ${action.from.node}`;
    case 'name-owner':
      return `tell ${action.at.node} that ${action.owner.node} has ${sizeOf(action.slots)} that are on their way to it`;
    case 'close-slots':
      return `close slots ${formatSlots(action.slots)} on ${action.at.node}: ${action.why}`;
    case 'permit':
      return `let ${action.node} start: ${action.why}`;
    case 'discard':
      return `delete the keys of slots ${formatSlots(action.slots)} on ${action.node}, which others own`;
    case 'set-accounts':
      return `tell ${action.node} who is let in now`;
    case 'tell-ending':
      return `tell the other agents that ${action.node} is ending`;
    case 'release':
      return `let ${action.node} end: ${action.why}`;
    case 'label':
      return `label ${action.node} as ${action.role}`;
  }
}

/** `1 slot`, `1365 slots` */
function sizeOf(slots: readonly SlotRange[]): string {
  const count = countSlots(slots);
  return `${count} ${count === 1 ? 'slot' : 'slots'}`;
}
