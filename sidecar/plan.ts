import type { AgentConfig } from '../lib/contract/agent-config';
import type { Topology } from '../lib/contract/engines';
import type { Action } from './action';
import { accounts } from './steps/accounts';
import { announce } from './steps/announce';
import { assignSlots } from './steps/assign-slots';
import { bringConfiguration } from './steps/bring-configuration';
import { directives } from './steps/directives';
import { discard } from './steps/discard';
import { end } from './steps/end';
import { fence } from './steps/fence';
import { forget } from './steps/forget';
import { growVolumes } from './steps/grow-volumes';
import { label } from './steps/label';
import { meet } from './steps/meet';
import { endMesh } from './steps/mesh/end-mesh';
import { link, unlink } from './steps/mesh/links';
import { permitMesh } from './steps/mesh/permit-mesh';
import { relink } from './steps/mesh/relink';
import { settleMesh } from './steps/mesh/settle-mesh';
import { writer } from './steps/mesh/writer';
import { hasten, setNodeTimeout } from './steps/node-timeout';
import { permit } from './steps/permit';
import { preferPrimaries } from './steps/prefer-primaries';
import { replicate } from './steps/replicate';
import { rescue } from './steps/rescue';
import { restore } from './steps/restore';
import { renewAgents } from './steps/rollout/renew-agents';
import { replicasToWrite } from './steps/rollout/replicas-to-write';
import { revert } from './steps/rollout/revert';
import { roll, rollHeld } from './steps/rollout/roll';
import { setEpochs } from './steps/set-epochs';
import { settle } from './steps/settle';
import { signIn } from './steps/sign-in';
import { moveSlots } from './steps/slots/move-slots';
import { begin } from './steps/replication/begin';
import { endReplicated } from './steps/replication/end-replicated';
import { permitReplicated } from './steps/replication/permit-replicated';
import { prefer } from './steps/replication/prefer';
import { close, follow, lead, noteCopies, open } from './steps/replication/serve';
import { settleReplicated } from './steps/replication/settle-replicated';
import { giveUp, replace } from './steps/replication/succeed';
import { adopt, hold } from './steps/sentinel/adopt';
import { noteWatched, permitWatched } from './steps/sentinel/agree';
import { askFailover } from './steps/sentinel/ask-failover';
import { settleSentinels } from './steps/sentinel/whole';
import { followAlone } from './steps/source/follow-alone';
import { followSource } from './steps/source/follow-source';
import { endAlone } from './steps/standalone/end-alone';
import { permitAlone } from './steps/standalone/permit-alone';
import { settleAlone } from './steps/standalone/settle-alone';
import type { DatabaseStep, NodeStep } from './steps/step';
import { takeover } from './steps/takeover';
import { uncross } from './steps/uncross';
import { replaceVanished } from './steps/vanished';
import type { DatabaseView, OwnView } from './view';
import type { SlotsView } from './view-slots';

/** What the coordinator does for the whole database: the first step with something to do wins. */
const databaseSteps: Partial<Record<Topology, readonly DatabaseStep[]>> = {
  standalone: [revert, rollHeld, renewAgents, roll, settleAlone],
  replication: [revert, rollHeld, renewAgents, roll, settleReplicated], // each agent looks after its own node
  sentinel: [revert, rollHeld, renewAgents, roll, settleReplicated, settleSentinels], // each agent looks after its own node, or Sentinel
  cluster: [
    revert, // a roll-out that fails goes back whatever else there is to do
    rollHeld, // what keeps all from starting may be what has changed
    hasten, // an isolated node's wait counts from its last moment alone
    setEpochs, // a server refuses an epoch once it has met anybody
    assignSlots, // before they meet, so that the first greeting already says who owns what
    meet, // a node nobody knows can be given no role
    rescue, // before anybody is told to follow another: the last copy must be a primary first
    replicate, // needs the primary's id to be known
    signIn, // whom a replica follows is settled by now; uncross waits until it has a copy
    uncross, // moves a role between shards; only when every other node is where it belongs
    setNodeTimeout, // what hasten has shortened, once the node reports ok
    forget, // last: it bans an id for a minute, also one that a step above still needs
    replicasToWrite, // whatever is handed over next has the writes that it is to have
    renewAgents, // an agent that is newer may know better how to do what is next
    roll, // from a database that needs nothing else
    settle, // does nothing, says what is missing
    preferPrimaries, // a database that lacks nothing else
  ],
  'multi-master': [
    revert,
    rollHeld,
    writer, // clients first: whom they are sent to depends on no link that is still to be made
    link, // before unlink: a way around a node that has gone is there before the way through it is taken away
    unlink,
    renewAgents,
    roll,
    settleMesh, // does nothing, says what is missing
  ],
};

/** What every agent does for its own node. */
const nodeSteps: Partial<Record<Topology, readonly NodeStep[]>> = {
  standalone: [endAlone, restore, fence(endAlone), permitAlone, followAlone, accounts, directives],
  replication: [
    lead, // first what everybody waits for
    followSource, // before open: whether it takes writes of its own
    follow, // also of a pod that is ending: it may go once it follows
    open, // before a handover, which a primary that takes no writes would make for nothing
    endReplicated, // a pod that is ending gets neither a permit nor an office
    restore, // nobody is anything without the data that there is to be; a fenced node has it brought too
    giveUp, // a replica is appointed before the dead primary is thought of
    fence(endReplicated), // a dead primary has been replaced by now
    begin, // nobody starts before there is a primary to follow
    permitReplicated, // a dead primary stays held until nobody can take over any more
    replace, // of others' offices only when the own is settled
    noteCopies, // who may succeed has to be right before anybody is preferred
    prefer,
    accounts, // whoever is let in, nothing above waits for it
    directives, // last: a server that refuses one goes on with what it had
  ],
  sentinel: [
    adopt, // the Sentinels lead: what they have decided is carried out before anything else
    hold, // the one before may take writes for a moment more
    lead,
    follow,
    open, // before a handover, which a primary that takes no writes would make for nothing
    endReplicated, // a pod that is ending gets neither a permit nor an office
    restore, // nobody is anything without the data that there is to be; a fenced node has it brought too
    askFailover, // a Sentinel is told before the dead primary is thought of
    fence(endReplicated), // a dead primary has been replaced by now
    begin, // nobody starts before there is a primary to follow
    permitWatched, // a dead primary stays held until nobody can take over any more
    noteWatched, // who may succeed has to be right before anybody is preferred
    prefer,
    accounts,
    directives,
  ],
  cluster: [
    end, // a pod that is ending gets neither a permit nor a role
    restore, // nobody starts without the data that there is to be; a fenced node has it brought too
    takeover, // the replica is asked before the dead primary is thought of
    replaceVanished, // nobody is left beside it who could ask
    fence(end), // what was a primary has been replaced by now
    permit, // a dead primary stays held until nobody can take over any more
    accounts, // whoever is let in, nothing above waits for it
    announce, // clients are sent there
    directives, // a server that refuses one goes on with what it had
    discard, // last: it may wait for long, for whoever owns the keys that the server came back with
  ],
  'multi-master': [
    endMesh, // a pod that is ending gets neither a permit nor a link
    restore,
    fence(endMesh),
    permitMesh,
    relink, // before the other can be reached again: once it can, the engine has gone on where it was
    accounts, // whoever is let in, nothing above waits for it
    directives, // last: a server that refuses one goes on with what it had
  ],
};

/**
 * What an agent does to its own node in a pause too: a pod that ends is let go, whole, and what is decided already about who is primary
 * is seen through. What closes a primary that cannot prove it, {@link planGuard}, asks for no pause either.
 */
const evenPaused: ReadonlySet<NodeStep> = new Set([
  ...[end, endReplicated, endAlone, endMesh],
  ...[lead, follow, open, noteCopies, adopt, hold, noteWatched],
  ...[followAlone, followSource],
]);

/** The database steps of this topology, as far as this agent knows it. */
export const planDatabase = (view: DatabaseView, config: AgentConfig): readonly Action[] => [
  // Also what ends a pause may be in it.
  ...bringConfiguration(view, config),
  ...(view.paused === undefined
    ? // Whatever else there is to do or to wait for: a volume that is full may be the cause of it.
      [...growVolumes(view, config), ...first(stepsOf(databaseSteps, config), (step) => step(view, config))]
    : []),
];

/** The node steps of this topology. */
export const planNode = (view: OwnView, config: AgentConfig): readonly Action[] =>
  first(
    stepsOf(nodeSteps, config).filter((step) => view.paused === undefined || evenPaused.has(step)),
    (step) => step(view, config),
  );

/** What every agent does when nothing proves any more that its node is the primary: apart from all else, because it waits for nobody. */
export const planGuard = (view: OwnView, config: AgentConfig): readonly Action[] => close(view, config);

/** What the coordinator does about slots that are not where they are to stay, apart from all else: keys take their time to move. */
export const planSlots = (view: SlotsView, config: AgentConfig): readonly Action[] =>
  config.topology === 'cluster' && view.database.paused === undefined ? moveSlots(view, config) : [];

/** What every agent does about its pod's label, apart from all else: the API may be away, and nothing may wait for it. */
export const planLabel = (view: OwnView, { topology }: AgentConfig): readonly Action[] =>
  // Which node of a mesh is sent writers is nothing that a node could know by itself.
  topology === 'multi-master' ? [] : label(view);

function stepsOf<Step>(steps: Partial<Record<Topology, readonly Step[]>>, config: AgentConfig): readonly Step[] {
  const found = steps[config.topology];
  if (!found)
    throw new Error(
      `topology "${config.topology}" is not known to this agent; use an agent image that matches the manifests`,
    );
  return found;
}

function first<Step>(steps: readonly Step[], take: (step: Step) => readonly Action[]): readonly Action[] {
  for (const step of steps) {
    const actions = take(step);
    if (actions.length > 0) return actions;
  }
  return [];
}
