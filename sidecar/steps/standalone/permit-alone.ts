import type { StartRole } from '../../action';
import { gateHost, sourceName } from '../../view-source';
import { wait, type NodeStep } from '../step';

/**
 * Lets the only node of a database start with what lies on its volume: nobody has newer data, and nobody would copy it. Where it is to
 * follow a primary elsewhere it follows from its first moment, unless it has data of its own; and whose data it has is noted before.
 */
export const permitAlone: NodeStep = (view, { replicaOf, persistence }) => {
  const { name: node, server, accounts, permitted, start, disk, source } = view;
  if (server.state !== 'absent' || permitted || start === undefined) return [];
  if (accounts.state === 'unclear') return wait(`held: ${accounts.reason}`);
  const permit = (why: string, role: StartRole) => [{ do: 'permit' as const, node, start, why, role }];
  if (!replicaOf) {
    return disk.source === undefined
      ? permit('the database has no other node', 'alone')
      : [{ do: 'note-source', node }];
  }
  const name = sourceName(replicaOf);
  const empty = !disk.hasData || persistence === 'off';
  if (!empty && disk.source === undefined)
    return permit('the database has no other node, and data of its own', 'alone');
  if (empty && disk.source !== name) return [{ do: 'note-source', node, name }];
  if (!source) return wait(`held: the way to ${name} is not open yet`);
  return permit(`it follows ${name}`, { follow: { ip: gateHost, client: source.port }, alone: true });
};
