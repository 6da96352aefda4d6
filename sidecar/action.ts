import type { Address, Role, SlotRange, StoppedRollout } from './view';
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
  /** `CONFIG SET min-replicas-to-write`, until the server's next start. */
  | { readonly do: 'set-replicas-to-write'; readonly node: string; readonly replicas: number; readonly why: string }
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
  /** Lets the own server go ahead with this start, and no other. */
  | { readonly do: 'permit'; readonly node: string; readonly start: string; readonly why: string }
  /** Tells the own server who is let in now. */
  | { readonly do: 'set-accounts'; readonly node: string }
  /** `CONFIG SET` of what has changed in the own server's configuration file. */
  | { readonly do: 'set-directives'; readonly node: string; readonly names: readonly string[] }
  /** Tells every other agent that this pod is ending. */
  | { readonly do: 'tell-ending'; readonly node: string }
  /** Lets the own pod end. */
  | { readonly do: 'release'; readonly node: string; readonly why: string }
  /** Has the StatefulSet replace pods from an ordinal on that are not of its newest revision, and no others. */
  | {
      readonly do: 'set-partition';
      readonly set: string;
      readonly version: string;
      readonly partition: number;
      /** A roll-out begins: version of the servers before it. */
      readonly from?: string;
      /** No roll-out goes on: nothing of the last one is remembered. */
      readonly over?: true;
      readonly why: string;
    }
  /** Keeps every pod as it is, and remembers why. */
  | ({ readonly do: 'stop-rollout'; readonly set: string; readonly version: string } & Omit<StoppedRollout, 'log'>)
  /** Deletes a pod, so that its StatefulSet makes it anew. */
  | { readonly do: 'replace-pod'; readonly node: string; readonly why: string }
  /** Sets the role label of the own pod. */
  | { readonly do: 'label'; readonly node: string; readonly role: Role };

/** An {@link Action} of one kind. */
export type ActionOf<Kind extends Action['do']> = Extract<Action, { do: Kind }>;

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
    case 'set-replicas-to-write':
      return `have ${action.node} take writes with ${action.replicas} replicas in touch: ${action.why}`;
    case 'failover':
      return `${action.force ? 'fail over' : 'hand over'} from ${action.from} to ${action.node}`;
    case 'promote':
      return `promote ${action.node} in place of ${action.fromId}, which is gone for good`;
    case 'forget':
      return `forget ${action.id} on ${action.nodes.join(', ')}`;
    case 'permit':
      return `let ${action.node} start: ${action.why}`;
    case 'set-accounts':
      return `tell ${action.node} who is let in now`;
    case 'set-directives':
      return `tell ${action.node} its new ${action.names.join(', ')}`;
    case 'tell-ending':
      return `tell the other agents that ${action.node} is ending`;
    case 'release':
      return `let ${action.node} end: ${action.why}`;
    case 'set-partition':
      return `set the partition of ${action.set} to ${action.partition}: ${action.why}`;
    case 'stop-rollout':
      return `stop the roll-out of ${action.set}: ${action.node} fails "${action.check}": ${action.says}`;
    case 'replace-pod':
      return `have ${action.node} made anew: ${action.why}`;
    case 'label':
      return `label ${action.node} as ${action.role}`;
  }
}
