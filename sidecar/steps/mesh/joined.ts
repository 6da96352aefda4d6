import type { DatabaseView, NodeView, OwnView, ServerUp } from '../../view';
import { hasCopied, linkTo } from './mates';

/** What decides whether a node that has started may be sent clients. */
export interface Joining {
  readonly database: DatabaseView;
  /** Its server started on a volume with data. */
  readonly hadData: boolean;
}

/**
 * Why no clients are sent to a node of a mesh yet, or undefined where they may be: it has what others had when it started, so that no
 * client finds keys missing on a node that has just come with an empty volume, or old values on one that was away.
 */
export function whyNotJoined({ name, server }: Pick<OwnView, 'name' | 'server'>, joining: Joining): string | undefined {
  if (server.state !== 'up') return 'its server does not answer';
  if (server.loading) return 'it is loading its data';
  if (server.rewritesLog) return 'its append-only file does not hold yet what it has copied';
  const others = joining.database.nodes.filter((node) => node.name !== name);
  const copied = (node: NodeView) => node.address !== undefined && hasCopied(linkTo(server, node.address));
  if (others.some((node) => node.agent?.serving === true && copied(node))) return undefined;
  // Nobody serves whom it has copied: the whole database starts, or it is cut off.
  const missing = others.find((node) => !copied(node) && mayHaveMore(node, joining.hadData));
  return missing && `it has not copied what ${missing.name} has`;
}

/** A node that answers has to be heard; one that does not may be the one with the data, unless the own node has data itself. */
function mayHaveMore({ server, agent, ending }: NodeView, hadData: boolean): boolean {
  if (isUp(server)) return !ending;
  if (agent?.server === 'held') return agent.disk.hasData && !hadData;
  return agent?.server === 'loading' || !hadData;
}

const isUp = (server: NodeView['server']): server is ServerUp => server.state === 'up';
