import type { Address, Role, SlotRange } from './view';
import { formatSlots } from './slots';

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
  /** `REPLICAOF` in a mesh: `node` receives from now on what `peer`, at that place, writes. */
  | { readonly do: 'link'; readonly node: string; readonly peer: string; readonly host: string; readonly port: number }
  /** `REPLICAOF REMOVE`. */
  | { readonly do: 'unlink'; readonly node: string; readonly host: string; readonly port: number }
  /** Both: what the other has is copied anew as a whole, so that of two values of a key the later one stays. */
  | { readonly do: 'relink'; readonly node: string; readonly host: string; readonly port: number; readonly why: string }
  /** `CONFIG SET replica-read-only yes`: clients of a node that is about to leave a mesh can write nothing more. */
  | { readonly do: 'refuse-writes'; readonly node: string }
  /** Lets the own server go ahead with this start, and no other. */
  | { readonly do: 'permit'; readonly node: string; readonly start: string; readonly why: string }
  /** Tells the own server who is let in now. */
  | { readonly do: 'set-accounts'; readonly node: string }
  /** Tells every other agent that this pod is ending. */
  | { readonly do: 'tell-ending'; readonly node: string }
  /** Lets the own pod end. */
  | { readonly do: 'release'; readonly node: string; readonly why: string }
  /** Sets the role label of a pod: in `multi-master` the coordinator's task, else each agent's own. */
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
    case 'link':
      return `have ${action.node} receive what ${action.peer} writes, from ${action.host}:${action.port}`;
    case 'unlink':
      return `have ${action.node} receive nothing more from ${action.host}:${action.port}`;
    case 'relink':
      return `have ${action.node} copy ${action.host}:${action.port} anew: ${action.why}`;
    case 'refuse-writes':
      return `have ${action.node} refuse writes`;
    case 'permit':
      return `let ${action.node} start: ${action.why}`;
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
