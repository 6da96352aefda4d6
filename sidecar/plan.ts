import type { AgentConfig } from '../lib/contract/agent-config';
import type { Topology } from '../lib/contract/engines';
import type { Action } from './action';
import { accounts } from './steps/accounts';
import { assignSlots } from './steps/assign-slots';
import { discard } from './steps/discard';
import { end } from './steps/end';
import { forget } from './steps/forget';
import { label } from './steps/label';
import { meet } from './steps/meet';
import { hasten, setNodeTimeout } from './steps/node-timeout';
import { permit } from './steps/permit';
import { replicate } from './steps/replicate';
import { rescue } from './steps/rescue';
import { setEpochs } from './steps/set-epochs';
import { settle } from './steps/settle';
import { signIn } from './steps/sign-in';
import { moveSlots } from './steps/slots/move-slots';
import { endAlone } from './steps/standalone/end-alone';
import { permitAlone } from './steps/standalone/permit-alone';
import type { DatabaseStep, NodeStep } from './steps/step';
import { takeover } from './steps/takeover';
import { uncross } from './steps/uncross';
import type { DatabaseView, OwnView, SlotsView } from './view';

/** What the coordinator does for the whole database: the first step with something to do wins. */
const databaseSteps: Partial<Record<Topology, readonly DatabaseStep[]>> = {
  standalone: [],
  cluster: [
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
    settle, // does nothing, says what is missing
  ],
};

/** What every agent does for its own node. */
const nodeSteps: Partial<Record<Topology, readonly NodeStep[]>> = {
  standalone: [endAlone, permitAlone, accounts],
  cluster: [
    end, // a pod that is ending gets neither a permit nor a role
    takeover, // the replica is asked before the dead primary is thought of
    permit, // a dead primary stays held until nobody can take over any more
    accounts, // whoever is let in, nothing above waits for it
    discard, // last: it may wait for long, for whoever owns the keys that the server came back with
  ],
};

/** The database steps of this topology, as far as this agent knows it. */
export const planDatabase = (view: DatabaseView, config: AgentConfig): readonly Action[] =>
  first(stepsOf(databaseSteps, config), (step) => step(view, config));

/** The node steps of this topology. */
export const planNode = (view: OwnView, config: AgentConfig): readonly Action[] =>
  first(stepsOf(nodeSteps, config), (step) => step(view, config));

/** What the coordinator does about slots that are not where they are to stay, apart from all else: keys take their time to move. */
export const planSlots = (view: SlotsView, config: AgentConfig): readonly Action[] =>
  config.topology === 'cluster' ? moveSlots(view, config) : [];

/** What every agent does about its pod's label, apart from all else: the API may be away, and nothing may wait for it. */
export const planLabel = (view: OwnView): readonly Action[] => label(view);

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
