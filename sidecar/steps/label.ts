import type { Action } from '../action';
import type { OwnView } from '../view';

/** Keeps the role label of the own pod true: Services select by it. A node that is in no shard yet has no role. */
export const label = (view: OwnView): readonly Action[] => {
  const { server, disk } = view;
  if (server.state !== 'up' || server.loading) return [];
  if (server.cluster && server.role === 'primary' && disk.cluster?.slots.length === 0) return [];
  return server.role === view.labelledRole ? [] : [{ do: 'label', node: view.name, role: server.role }];
};
