import type { NodeStep } from '../step';

/** A link is made anew once it has been down for so many node timeouts: the two nodes count as having been apart. */
const apartTimeouts = 2;

/**
 * Makes a link anew that is down for long, while it is down. Both sides may have taken writes, and a link that comes back goes on where
 * it was: each node would carry out the other's old writes after its own newer ones, and they would end with different values. A new link
 * begins with a copy of the whole, of which a node takes what is later than what it has.
 */
export const relink: NodeStep = ({ name, server }, { nodeTimeoutMs }) => {
  if (server.state !== 'up' || server.loading) return [];
  const bound = (apartTimeouts * nodeTimeoutMs) / 1000;
  return (server.links ?? [])
    .filter(({ downSeconds }) => downSeconds !== undefined && downSeconds >= bound)
    .map(({ host, port }) => ({ do: 'relink', node: name, host, port, why: `it was cut off for ${bound} s` }));
};
