import { wait, type NodeStep } from '../step';
import { restoreByHand } from '../unrestored';

/** Lets the only node of a database start with what lies on its volume: nobody has newer data, and nobody would copy it. */
export const permitAlone: NodeStep = (view, { replicaOf, restore }) => {
  const { name, server, accounts, permitted, start, disk } = view;
  if (server.state !== 'absent' || permitted || start === undefined) return [];
  if (accounts.state === 'unclear') return wait(`held: ${accounts.reason}`);
  // It would take writes that its source knows nothing of.
  if (replicaOf) return wait(`held: it is to follow ${replicaOf.host}:${replicaOf.port}, which this agent cannot do`);
  if (restore && !disk.hasData) return wait(`held: ${restoreByHand}`);
  return [{ do: 'permit', node: name, start, why: 'the database has no other node' }];
};
