import { wait, type NodeStep } from '../step';

/** Lets the only node of a database end at once: there is nobody to hand over to, and the server writes its files when it is told to end. */
export const endAlone: NodeStep = ({ name, stopping, released }) => {
  if (!stopping) return [];
  return released ? wait('ending') : [{ do: 'release', node: name, why: 'the database has no other node' }];
};
