import { slotSentences, type SlotAction } from './action-slots';
import { sourceSentences, type SourceAction } from './action-source';
import type { AgentBefore, AlikeRevisions, StoppedRollout } from './view-sets';
import type { Address, Place, PrimaryRecord, Role, SlotRange } from './view';
import { formatBytes } from '../lib/contract/quantity';
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
  | SlotAction
  | SourceAction
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
      /** Empty and under a new id: what is on the volume goes aside. */
      readonly anew?: true;
    }
  /** Has the own agent bring a part of a backup to the volume of its server, which does not run; `shard` counts from 0. */
  | { readonly do: 'restore'; readonly node: string; readonly backup: string; readonly shard: number }
  /** Deletes the keys of slots that others own, and their marks: `ASKING`, `UNLINK`, `CLUSTER SETSLOT STABLE`. */
  | { readonly do: 'discard'; readonly node: string; readonly slots: readonly SlotRange[] }
  /** Writes into the record, where that still is `base`, that `node` is primary; `vacated` where the one before takes no writes any more for certain. */
  | {
      readonly do: 'appoint';
      readonly node: string;
      readonly from: string;
      readonly epoch: number;
      readonly vacated: boolean;
      /** Of the first one: whose data it has, or is to copy. Else it stays as it was. */
      readonly source?: string;
      readonly base: PrimaryRecord;
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
  /** `SENTINEL FAILOVER`, asked of a Sentinel by the agent of a primary that does not run. */
  | { readonly do: 'ask-failover'; readonly node: string; readonly from: string }
  /** `SENTINEL MONITOR`: the own Sentinel watches the primary, which is there. */
  | { readonly do: 'monitor'; readonly node: string; readonly primary: string; readonly at: Place }
  /** `SENTINEL SET`. */
  | { readonly do: 'configure'; readonly node: string }
  /** The own Sentinel is told who is primary, in the words of `as`, or of nobody where it knows no other Sentinel. */
  | {
      readonly do: 'redirect';
      readonly node: string;
      readonly primary: string;
      readonly at: Place;
      readonly epoch: number;
      readonly as?: { readonly id: string; readonly at: Place };
    }
  /** `SENTINEL RESET` of the own Sentinel. */
  | { readonly do: 'reset'; readonly node: string; readonly why: string }
  /** Has the own server take writes, with as many replicas in touch as are asked for. */
  | { readonly do: 'open'; readonly node: string; readonly replicas: number }
  /** Has the own server refuse writes. */
  | { readonly do: 'close'; readonly node: string }
  /** Writes into the record, where that still is `base`, who may succeed the primary. */
  | {
      readonly do: 'note-copies';
      readonly node: string;
      readonly inSync: readonly string[];
      readonly history: string;
      readonly base: PrimaryRecord;
    }
  /** Pauses writes, waits until `node` has them all, and appoints it, where the record still is `base`. */
  | {
      readonly do: 'hand-over';
      readonly node: string;
      readonly from: string;
      readonly epoch: number;
      readonly base: PrimaryRecord;
    }
  /** Tells the own server who is let in now. */
  | { readonly do: 'set-accounts'; readonly node: string }
  /** `CONFIG SET` of what has changed in the own server's configuration file. */
  | { readonly do: 'set-directives'; readonly node: string; readonly names: readonly string[] }
  /** Has the own server say at which name clients find it, and at which port: 0 for the one where it listens. */
  | { readonly do: 'announce'; readonly node: string; readonly host: string; readonly port: number }
  /** Tells every other agent that this pod is ending, or the node fenced. */
  | { readonly do: 'tell-ending'; readonly node: string }
  /** `SHUTDOWN`: the server beside this agent writes its files and ends. Its container starts again, and waits for a permit. */
  | { readonly do: 'shut-down'; readonly node: string; readonly why: string }
  /** Lets the own pod end; `drained` where its shard has left and has given everything away. */
  | { readonly do: 'release'; readonly node: string; readonly why: string; readonly drained?: true }
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
  /** Remembers, with a StatefulSet, which of its revisions differ in the agent's image alone. */
  | { readonly do: 'note-template'; readonly set: string; readonly version: string; readonly alike: AlikeRevisions }
  /** Changes the agent's image in a pod that runs, and remembers what it was; nothing where that is over. */
  | {
      readonly do: 'renew-agent';
      readonly node: string;
      readonly uid: string;
      readonly image: string;
      readonly before?: AgentBefore;
      readonly why: string;
    }
  /** Has a pod, which is what that revision of its StatefulSet would make of it, count as of it. */
  | { readonly do: 'adopt-revision'; readonly node: string; readonly uid: string; readonly revision: string }
  /** Deletes a pod, so that its StatefulSet makes it anew. */
  | { readonly do: 'replace-pod'; readonly node: string; readonly uid: string; readonly why: string }
  /** Has Kubernetes bring the configuration that is new to the pods, which it would come to by itself. */
  | { readonly do: 'bring-configuration'; readonly nodes: readonly string[]; readonly version: string }
  /** Has the volume of a node ask for more bytes. */
  | { readonly do: 'grow-volume'; readonly node: string; readonly bytes: number; readonly before: number }
  /** Sets the role label of a pod, and of those whose role it has taken: in `multi-master` the coordinator's task, else each agent's own. */
  | { readonly do: 'label'; readonly node: string; readonly role: Role; readonly others?: readonly string[] };

/**
 * A server that starts: a replica of whoever is there, or the primary of the record, which takes no writes yet. Without other nodes there is
 * no record, and it takes writes unless it follows.
 */
export type StartRole = { readonly follow: Place; readonly alone?: true } | 'primary' | 'alone';

/** What an agent does in its own pod, the files that it shares with the server included. */
export type PodAction = ActionOf<
  | 'permit'
  | 'discard'
  | 'set-accounts'
  | 'set-directives'
  | 'announce'
  | 'tell-ending'
  | 'shut-down'
  | 'release'
  | 'label'
>;

/** What is asked of Kubernetes: which pods are replaced, what they are brought, and how large volumes are. */
export type PlatformAction = ActionOf<
  | 'set-partition'
  | 'stop-rollout'
  | 'note-template'
  | 'renew-agent'
  | 'adopt-revision'
  | 'replace-pod'
  | 'bring-configuration'
  | 'grow-volume'
>;

/** What one server of a cluster is told. */
export type MemberAction = ActionOf<
  | 'set-epoch'
  | 'set-node-timeout'
  | 'assign-slots'
  | 'meet'
  | 'replicate'
  | 'set-replication-user'
  | 'set-replicas-to-write'
  | 'promote'
>;

/** What a node of a mesh is told of the others. */
export type MeshAction = ActionOf<'link' | 'unlink' | 'relink' | 'refuse-writes'>;

/** What makes a node primary or replica where the agents decide it. */
export type OfficeAction = ActionOf<'appoint' | 'lead' | 'follow' | 'open' | 'close' | 'note-copies' | 'hand-over'>;

/** What Sentinels are told. */
export type SentinelAction = ActionOf<'ask-failover' | 'monitor' | 'configure' | 'redirect' | 'reset'>;

/** What the agent beside a Sentinel does. */
export type BesideSentinel = ActionOf<
  'wait' | 'permit' | 'set-accounts' | 'release' | 'monitor' | 'configure' | 'redirect' | 'reset'
>;

/** An {@link Action} of one kind. */
export type ActionOf<Kind extends Action['do']> = Extract<Action, { do: Kind }>;

/** The action in English, for logs, `--dry-run` and tests. */
export const describe = (action: Action): string => (sentences[action.do] as (action: Action) => string)(action);

const sentences: { readonly [Kind in Action['do']]: (action: ActionOf<Kind>) => string } = {
  wait: ({ why }) => `wait: ${why}`,
  'set-epoch': ({ node, epoch }) => `give ${node} the config epoch ${epoch}`,
  'set-node-timeout': ({ node, ms }) => `set the node timeout of ${node} to ${ms} ms`,
  'assign-slots': ({ node, slots }) => `assign slots ${formatSlots(slots)} to ${node}`,
  meet: ({ node, peer, at }) => `introduce ${peer} at ${at.ip}:${at.client} to ${node}`,
  replicate: ({ node, primary }) => `make ${node} a replica of ${primary}`,
  'set-replication-user': ({ node, primary }) => `have ${node} sign in as a replica of ${primary}`,
  'set-replicas-to-write': ({ node, replicas, why }) =>
    `have ${node} take writes with ${replicas} replicas in touch: ${why}`,
  failover: ({ node, from, force }) => `${force ? 'fail over' : 'hand over'} from ${from} to ${node}`,
  promote: ({ node, fromId }) => `promote ${node} in place of ${fromId}, which is gone for good`,
  forget: ({ id, nodes }) => `forget ${id} on ${nodes.join(', ')}`,
  ...slotSentences,
  ...sourceSentences,
  restore: ({ node, backup, shard }) => `bring part ${shard + 1} of backup ${backup} to ${node}`,
  discard: ({ node, slots }) => `delete the keys of slots ${formatSlots(slots)} on ${node}, which others own`,
  link: ({ node, peer, host, port }) => `have ${node} receive what ${peer} writes, from ${host}:${port}`,
  unlink: ({ node, host, port }) => `have ${node} receive nothing more from ${host}:${port}`,
  relink: ({ node, host, port, why }) => `have ${node} copy ${host}:${port} anew: ${why}`,
  'refuse-writes': ({ node }) => `have ${node} refuse writes`,
  permit: ({ node, why }) => `let ${node} start: ${why}`,
  appoint: ({ node, from, epoch }) => `appoint ${node} primary ${epoch}${from === '' ? '' : ` after ${from}`}`,
  lead: ({ node, epoch }) => `make ${node} primary ${epoch}`,
  follow: ({ node, primary, at }) => `have ${node} follow ${primary} at ${at.ip}:${at.client}`,
  open: ({ node }) => `let ${node} take writes`,
  close: ({ node }) => `stop ${node} from taking writes: nothing proves that it is still the primary`,
  'note-copies': ({ node, inSync }) => `note that ${inSync.join(', ') || 'nobody'} may succeed ${node}`,
  'hand-over': ({ node, from }) => `hand over from ${from} to ${node}`,
  'ask-failover': ({ node, from }) => `have ${node} replace ${from}`,
  monitor: ({ node, primary, at }) => `have ${node} watch ${primary} at ${at.ip}:${at.client}`,
  configure: ({ node }) => `tell ${node} how to watch`,
  redirect: ({ node, primary, at }) => `tell ${node} that ${primary} at ${at.ip}:${at.client} is the primary`,
  reset: ({ node, why }) => `have ${node} learn anew who is there: ${why}`,
  'set-accounts': ({ node }) => `tell ${node} who is let in now`,
  'set-directives': ({ node, names }) => `tell ${node} its new ${names.join(', ')}`,
  announce: ({ node, host, port }) => `have ${node} send clients to ${host}${port === 0 ? '' : `:${port}`}`,
  'tell-ending': ({ node }) => `tell the other agents that ${node} takes nothing over any more`,
  'shut-down': ({ node, why }) => `end the server of ${node}: ${why}`,
  release: ({ node, why }) => `let ${node} end: ${why}`,
  'set-partition': ({ set, partition, why }) => `set the partition of ${set} to ${partition}: ${why}`,
  'stop-rollout': ({ set, node, check, says }) => `stop the roll-out of ${set}: ${node} fails "${check}": ${says}`,
  'note-template': ({ set, alike }) => `note that ${alike.revisions.join(' and ')} of ${set} have the same servers`,
  'renew-agent': ({ node, image, why }) => `give ${node} the agent ${image}: ${why}`,
  'adopt-revision': ({ node, revision }) => `count ${node} as of ${revision}, which it is by now`,
  'replace-pod': ({ node, why }) => `have ${node} made anew: ${why}`,
  'bring-configuration': ({ nodes }) => `bring the new configuration to ${nodes.length} pods`,
  'grow-volume': ({ node, bytes, before }) =>
    `grow the volume of ${node} from ${formatBytes(before)} to ${formatBytes(bytes)}`,
  label: ({ node, role }) => `label ${node} as ${role}`,
};
