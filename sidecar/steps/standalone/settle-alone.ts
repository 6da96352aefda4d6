import { wait, type DatabaseStep } from '../step';

/** Says what is still to come: its agent does it, and an empty plan means a database that serves. */
export const settleAlone: DatabaseStep = ({ nodes }) =>
  nodes
    .filter(({ fenced }) => fenced === undefined)
    .flatMap(({ name, server }) => {
      if (server.state !== 'up') return wait(`${name} does not answer`);
      return server.loading ? wait(`${name} is loading its data`) : [];
    });
