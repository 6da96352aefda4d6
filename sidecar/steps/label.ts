import type { Action } from '../action';
import type { OwnView, Role, ServerUp } from '../view';
import { others, ownOffice } from './replication/copies';

/** Keeps the role label of the own pod true: Services select by it. A node that is in no shard yet has no role. */
export const label = (view: OwnView): readonly Action[] => {
  const { server, disk, name } = view;
  if (server.state !== 'up' || server.loading) return [];
  if (server.cluster && server.role === 'primary' && disk.cluster?.slots.length === 0) return [];
  if (view.primacy) return labelByOffice(view, server);
  const role: Role = server.copy?.source ? 'replica' : server.role;
  return role === view.labelledRole ? [] : [{ do: 'label', node: name, role }];
};

/** A server that is still a primary, and is to follow another, has the role no more. The agent of a pod that had it may be dead. */
function labelByOffice(view: OwnView, server: ServerUp): readonly Action[] {
  // What it copies of a source, nobody writes.
  const office = ownOffice(view) !== undefined && !server.copy?.source;
  // It is about to lead, and that brings the label.
  if (office && server.role === 'replica') return [];
  const role: Role = office ? 'primary' : 'replica';
  if (role === view.labelledRole) return [];
  // One that was cut off may have been replaced, and would take the label from its successor.
  if (office && view.primacy!.provenMs === 0) return [];
  const mates = role === 'primary' && view.database ? others(view.database, view.name).map(({ name }) => name) : [];
  return [{ do: 'label', node: view.name, role, ...(mates.length > 0 ? { others: mates } : {}) }];
}
