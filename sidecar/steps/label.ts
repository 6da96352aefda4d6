import type { Action } from '../action';
import type { OwnView } from '../view';

/** Keeps the role label of the own pod true: Services select by it. */
export const label = (view: OwnView): readonly Action[] => {
  if (view.server.state !== 'up' || view.server.loading) return [];
  const { role } = view.server;
  return role === view.labelledRole ? [] : [{ do: 'label', node: view.name, role }];
};
