import type { Action } from '../../action';
import type { OwnView } from '../../view';
import { running } from '../replication/copies';
import type { NodeStep } from '../step';
import { towardSource, type SourceMove } from './toward-source';

/** Has the only node of a database follow the primary elsewhere that the spec names, or nobody any more. */
export const followAlone: NodeStep = (view, config) => {
  const own = running(view.server);
  if (!own) return [];
  const { copy, offset } = own;
  const { source: known, disk, paused } = view;
  const facts = { own: copy, offset, known, noted: disk.source, empty: copy.keys === 0, paused: paused !== undefined };
  const move = towardSource(facts, config);
  return move ? [actionOf(move, view)] : [];
};

function actionOf(move: SourceMove, { name: node }: OwnView): Action {
  switch (move.move) {
    case 'note':
      return { do: 'note-source', node, ...(move.name === undefined ? {} : { name: move.name }) };
    case 'follow':
      return { do: 'follow-source', node, name: move.name, port: move.port };
    case 'lead':
      return { do: 'lead-alone', node };
    case 'wait':
      return { do: 'wait', why: move.why };
  }
}
