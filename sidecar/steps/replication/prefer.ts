import type { NodeStep } from '../step';
import { heirsOf, ownOffice, running } from './copies';
import { closed } from './floor';

/** Replicas that are further behind than this are not waited for with writes paused. Bytes. */
const mostLag = 1024 * 1024;

/** Hands over to the node that the spec wants as primary, once that is as good as the one that is. */
export const prefer: NodeStep = (view, { primaries = [] }) => {
  const record = ownOffice(view);
  const own = running(view.server);
  if (!record || own?.role !== 'primary' || own.copy.floor === closed || !view.database || !view.primacy!.fresh)
    return [];
  if (primaries.includes(view.name)) return [];
  const wished = heirsOf(record, view.database, 0).find(
    ({ name, server }) => primaries.includes(name) && server.linkUp && own.offset - server.offset <= mostLag,
  );
  return wished ? [{ do: 'hand-over', node: wished.name, from: view.name, epoch: record.epoch + 1, base: record }] : [];
};
