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
  /** Lets the own server go ahead with this start, and no other: as `role`, where the agents decide who is primary. */
  | {
      readonly do: 'permit';
      readonly node: string;
      readonly start: string;
      readonly why: string;
      readonly role?: StartRole;
    }
  /** Writes into the record that `node` is primary; `vacated` where the one before takes no writes any more for certain. */
  | {
      readonly do: 'appoint';
      readonly node: string;
      readonly from: string;
      readonly epoch: number;
      readonly vacated: boolean;
    }
  /** `REPLICAOF NO ONE`, sent to the own server. */
  | { readonly do: 'lead'; readonly node: string; readonly epoch: number }
  /** `REPLICAOF`, sent to the own server; one that was a primary sends its clients away. */
  | {
      readonly do: 'follow';
      readonly node: string;
      readonly primary: string;
      readonly at: Address;
      readonly wasPrimary: boolean;
    }
  /** Has the own server take writes, with as many replicas in touch as are asked for. */
  | { readonly do: 'open'; readonly node: string; readonly replicas: number }
  /** Has the own server refuse writes. */
  | { readonly do: 'close'; readonly node: string }
  /** Writes into the record who may succeed the primary. */
  | { readonly do: 'note-copies'; readonly node: string; readonly inSync: readonly string[]; readonly history: string }
  /** Pauses writes, waits until `node` has them all, and appoints it. */
  | { readonly do: 'hand-over'; readonly node: string; readonly from: string; readonly epoch: number }
  /** Tells the own server who is let in now. */
  | { readonly do: 'set-accounts'; readonly node: string }
  /** Tells every other agent that this pod is ending. */
  | { readonly do: 'tell-ending'; readonly node: string }
  /** Lets the own pod end. */
  | { readonly do: 'release'; readonly node: string; readonly why: string }
  /** Sets the role label of a pod, and of those whose role it has taken: in `multi-master` the coordinator's task, else each agent's own. */
  | { readonly do: 'label'; readonly node: string; readonly role: Role; readonly others?: readonly string[] };

/** A server that starts: a replica of whoever is there, or the primary of the record, which takes no writes yet. */
export type StartRole = { readonly follow: Address } | 'primary';

/** What a node of a mesh is told of the others. */
export type MeshAction = Extract<Action, { do: 'link' | 'unlink' | 'relink' | 'refuse-writes' }>;

/** What makes a node primary or replica where the agents decide it. */
export type OfficeAction = Extract<
  Action,
  { do: 'appoint' | 'lead' | 'follow' | 'open' | 'close' | 'note-copies' | 'hand-over' }
>;

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
    case 'unlink':
    case 'relink':
    case 'refuse-writes':
      return describeMesh(action);
    case 'permit':
      return `let ${action.node} start: ${action.why}`;
    case 'appoint':
    case 'lead':
    case 'follow':
    case 'open':
    case 'close':
    case 'note-copies':
    case 'hand-over':
      return describeOffice(action);
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

function describeMesh(action: MeshAction): string {
  switch (action.do) {
    case 'link':
      return `have ${action.node} receive what ${action.peer} writes, from ${action.host}:${action.port}`;
    case 'unlink':
      return `have ${action.node} receive nothing more from ${action.host}:${action.port}`;
    case 'relink':
      return `have ${action.node} copy ${action.host}:${action.port} anew: ${action.why}`;
    case 'refuse-writes':
      return `have ${action.node} refuse writes`;
  }
}

function describeOffice(action: OfficeAction): string {
  switch (action.do) {
    case 'appoint':
      return `appoint ${action.node} primary ${action.epoch}${action.from === '' ? '' : ` after ${action.from}`}`;
    case 'lead':
      return `make ${action.node} primary ${action.epoch}`;
    case 'follow':
      return `have ${action.node} follow ${action.primary} at ${action.at.ip}:${action.at.client}`;
    case 'open':
      return `let ${action.node} take writes`;
    case 'close':
      return `stop ${action.node} from taking writes: nothing proves that it is still the primary`;
    case 'note-copies':
      return `note that ${action.inSync.join(', ') || 'nobody'} may succeed ${action.node}`;
    case 'hand-over':
      return `hand over from ${action.from} to ${action.node}`;
  }
}
