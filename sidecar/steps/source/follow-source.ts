import type { Action } from '../../action';
import type { DatabaseView, OwnView, PrimaryRecord } from '../../view';
import { others, ownOffice, running } from '../replication/copies';
import { noteCopies } from '../replication/serve';
import type { NodeStep } from '../step';
import { towardSource, type SourceMove } from './toward-source';

/**
 * Has the primary of the record follow the primary elsewhere that the spec names, or nobody any more. The others follow it either way: what
 * it copies goes on to them.
 */
export const followSource: NodeStep = (view, config) => {
  const record = ownOffice(view);
  const own = running(view.server);
  if (!record || own?.role !== 'primary' || !view.database) return [];
  const facts = {
    own: own.copy,
    offset: own.offset,
    known: view.source,
    noted: record.source,
    empty: own.copy.keys === 0 && others(view.database, view.name).every(isEmpty),
    paused: view.paused !== undefined,
  };
  const move = towardSource(facts, config);
  // While the last writes are waited for, everything else goes on.
  if (!move || move.move === 'wait' || (move.move === 'note' && !view.primacy!.fresh)) return [];
  // Who may succeed has to be right before the first write.
  const copies = config.replicaOf ? [] : noteCopies(view, config);
  if (copies.length > 0) return copies;
  return [actionOf(move, view, record)];
};

/** A node that does not answer may have what nobody else has. */
const isEmpty = ({ server }: DatabaseView['nodes'][number]): boolean => running(server)?.copy.keys === 0;

function actionOf(move: Exclude<SourceMove, { move: 'wait' }>, { name: node }: OwnView, base: PrimaryRecord): Action {
  switch (move.move) {
    case 'note':
      return { do: 'note-source', node, base, ...(move.name === undefined ? {} : { name: move.name }) };
    case 'follow':
      return { do: 'follow-source', node, name: move.name, port: move.port };
    case 'lead':
      return { do: 'lead', node, epoch: base.epoch };
  }
}
