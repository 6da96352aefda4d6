import { wait, type NodeStep } from '../step';

/**
 * Lets a node of a mesh start with whatever lies on its volume: nobody is emptied by copying it, because a node of a mesh adds what it
 * copies to what it has. Clients are sent to it once it has what the others have, see `whyNotJoined`.
 */
export const permitMesh: NodeStep = (view) => {
  const { name, server, accounts, permitted, start, disk, database } = view;
  if (server.state !== 'absent' || permitted || start === undefined) return [];
  if (accounts.state === 'unclear') return wait(`held: ${accounts.reason}`);
  if (!database) return wait('held: the other nodes have not been looked at yet');
  const why = disk.hasData
    ? 'it has its data, and copies what it missed'
    : 'it is empty, and copies what the others have';
  return [{ do: 'permit', node: name, start, why }];
};
