import type { Action } from '../action';
import type { OwnView } from '../view';
import { wait, type NodeStep } from './step';

/** How long a primary of a fenced node waits for a replica to be in sync: then it ends all the same, as was asked for. Milliseconds. */
const heirForMs = 30_000;

/**
 * Has a node that is fenced serve nobody: its server is given no permit, and one that runs is ended as if its pod were ending, after a
 * verified handover where it is a primary. The container of the server starts again by itself, and waits.
 *
 * @param end lets a pod of the topology end
 */
export const fence =
  (end: NodeStep): NodeStep =>
  (view, config) => {
    const { fenced, server, stopping } = view;
    if (stopping) return [];
    if (fenced === undefined) return restart(view);
    if (server.state === 'absent') {
      return wait(view.permitted ? 'fenced: its server is starting, and ends then' : `fenced: ${fenced}`);
    }
    // It has not served since it started.
    if (server.state === 'up' && server.loading) return shutDown(view, `it is fenced: ${fenced}`);
    const actions = end({ ...view, stopping: true, stoppingMs: view.fencingMs, released: false }, config);
    const late = view.fencingMs > heirForMs && view.server.state === 'up' && actions.every(isWait);
    if (late) return shutDown(view, `it is fenced, and nobody could take over within ${heirForMs / 1000} s`);
    return actions.map((action) => instead(action, view, fenced));
  };

const isWait = (action: Action): boolean => action.do === 'wait';

const shutDown = ({ name }: OwnView, why: string): readonly Action[] => [{ do: 'shut-down', node: name, why }];

/** What is done where a pod that ends would be let go. */
function instead(action: Action, { name }: OwnView, fenced: string): Action {
  if (action.do === 'release') return { do: 'shut-down', node: name, why: `it is fenced: ${fenced}; ${action.why}` };
  return action.do === 'wait' ? { do: 'wait', why: action.why.replace(/^ending/, 'to be fenced') } : action;
}

/** A node of a mesh that was about to be fenced refuses writes until its next start. */
function restart(view: OwnView): readonly Action[] {
  const { server } = view;
  if (server.state !== 'up' || server.loading || server.refusesWrites !== true) return [];
  return shutDown(view, 'it is fenced no more, and refuses writes until it starts anew');
}
