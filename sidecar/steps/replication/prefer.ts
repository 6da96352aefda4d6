import { mostLag } from '../candidate';
import type { NodeStep } from '../step';
import { heirsOf, inOffice, ownOffice, running } from './copies';

/** Hands over to the node that a person or the spec wants as primary, once that is as good as the one that is. */
export const prefer: NodeStep = (view, { primaries = [] }) => {
  const record = ownOffice(view);
  const own = running(view.server);
  if (!record || !own || !inOffice(own) || !view.database || !view.primacy!.fresh) return [];
  const { wished: asked } = view;
  const wanted = asked?.epoch === record.epoch ? [asked.to] : primaries;
  if (wanted.includes(view.name)) return [];
  const wished = heirsOf(record, view.database, 0).find(
    ({ name, server }) => wanted.includes(name) && server.linkUp && own.offset - server.offset <= mostLag,
  );
  return wished ? [{ do: 'hand-over', node: wished.name, from: view.name, epoch: record.epoch + 1, base: record }] : [];
};
