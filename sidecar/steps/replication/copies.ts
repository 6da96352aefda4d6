import type { AgentConfig } from '../../../lib/contract/agent-config';
import type {
  Address,
  CopyView,
  DatabaseView,
  NodeView,
  OwnView,
  Place,
  PrimaryRecord,
  ServerUp,
  ServerView,
} from '../../view';
import { closed } from './floor';

/** A server that answers and has loaded its data. */
export interface Copy extends ServerUp {
  readonly copy: CopyView;
}

/** A node whose server is one. */
export interface CopyNode extends NodeView {
  readonly server: Copy;
}

/** The server, where it answers and has loaded its data. */
export const running = (server: ServerView): Copy | undefined =>
  server.state === 'up' && !server.loading && server.copy ? { ...server, copy: server.copy } : undefined;

/** Whether it does all that a primary does: it takes writes, or copies a source, whose writes go on to the others. */
export const inOffice = (server: ServerView): boolean => {
  const copy = running(server);
  return copy?.role === 'primary' && (copy.copy.floor !== closed || copy.copy.source !== undefined);
};

/** The nodes other than that of the name. */
export const others = (view: DatabaseView, name: string): NodeView[] => view.nodes.filter((node) => node.name !== name);

/** The node of that name. */
export const nodeOf = (view: DatabaseView, name: string): NodeView | undefined =>
  view.nodes.find((node) => node.name === name);

/** Names for a sentence. */
export const namesOf = (nodes: readonly { readonly name: string }[]): string =>
  nodes.map(({ name }) => name).join(' and ');

/** The record, where it names the own node. */
export const ownOffice = ({ name, primacy }: OwnView): PrimaryRecord | undefined =>
  primacy?.record?.primary === name ? primacy.record : undefined;

/** Whether a replica copies from where a node is. */
export const copiesFrom = ({ copy }: Pick<Copy, 'copy'>, node: Pick<NodeView, 'address' | 'announced'>): boolean =>
  isAt(copy.from, placeOf(node));

/** Whether two places are one. */
export const isAt = (a: Place | undefined, b: Place | undefined): boolean =>
  a?.ip === b?.ip && a?.client === b?.client && a !== undefined;

/** Where a node's replicas are told that it is. */
export const placeOf = ({ announced, address }: Pick<NodeView, 'address' | 'announced'>): Address | undefined =>
  announced ?? address;

/** A calm agent looks every second, and a replica counts in whole ones. Milliseconds. */
const linkSlackMs = 3000;

/**
 * Replicas that may take over from the primary of the record, the best first: the one with the most data, of equals the one with the
 * lowest priority.
 *
 * Each has the primary's own stream of writes and was linked to it to the end: one that lost it before has less than was confirmed by
 * others, and one that was restarted since has no age at all. The end is when the primary fell silent, or when the last link was lost
 * where all can be seen: whoever looks may have begun to look later.
 *
 * @param silentMs for how long the primary has been silent; 0 where it serves
 */
export function heirsOf(record: PrimaryRecord, view: DatabaseView, silentMs: number): CopyNode[] {
  const noted = view.nodes.filter(({ name }) => record.inSync.includes(name));
  const endedMs = Math.max(silentMs, lastLinkMs(noted)) + linkSlackMs;
  return inOrder(
    noted,
    ({ server }) =>
      server.copy.history === record.history && (server.linkUp || server.linkSilentSeconds * 1000 <= endedMs),
  );
}

/** How long ago the last of the links was lost; 0 where that is not known of each. */
function lastLinkMs(nodes: readonly NodeView[]): number {
  const links = nodes.map(({ server }) => running(server));
  const known = links.every((copy) => copy?.role === 'replica' && wasEverLinked(copy));
  return known ? Math.min(...links.map((copy) => (copy!.linkUp ? 0 : copy!.linkSilentSeconds))) * 1000 : 0;
}

/** As `INFO` is read: a link that was never up has been silent since 1970. */
export const wasEverLinked = ({ linkSilentSeconds }: ServerUp): boolean => linkSilentSeconds < 1_000_000_000;

/** Nodes that may take over and cannot be judged now: server and agent have to answer, and who has both may still have less than these. */
export const unseenCopies = (
  { inSync }: PrimaryRecord,
  view: DatabaseView,
  self: string,
  config: AgentConfig,
): NodeView[] =>
  others(view, self).filter(
    (node) =>
      inSync.includes(node.name) && !(running(node.server) && node.agent !== undefined) && mayHaveData(node, config),
  );

/** Replicas for the case that nobody else has anything: whoever has data at all, those that had caught up first. */
export function lastResorts(record: PrimaryRecord, view: DatabaseView): CopyNode[] {
  const able = inOrder(others(view, record.primary), ({ server }) => server.copy.keys > 0);
  return [...able].sort((a, b) => rank(record, b) - rank(record, a));
}

const rank = ({ inSync }: PrimaryRecord, { name }: NodeView): number => (inSync.includes(name) ? 1 : 0);

function inOrder(nodes: readonly NodeView[], isSound: (node: CopyNode) => boolean): CopyNode[] {
  return nodes
    .flatMap((node): CopyNode[] => {
      const server = running(node.server);
      const able = server?.role === 'replica' && node.agent !== undefined && !node.ending && server.copy.priority > 0;
      return able ? [{ ...node, server }] : [];
    })
    .filter(isSound)
    .sort((a, b) => b.server.offset - a.server.offset || a.server.copy.priority - b.server.copy.priority);
}

/** Whether a node has the database's data, or may have: files alone say nothing, a server that has started makes them. */
export function mayHaveData({ server, agent, ending, fenced }: NodeView, { persistence }: AgentConfig): boolean {
  if (server.state === 'up') return server.loading || server.copy?.keys !== 0;
  if (!agent) return !ending || fenced !== undefined;
  return agent.server !== 'held' || (persistence !== 'off' && agent.disk.hasData);
}
