import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import type { AddressBook, Clock, Peers, Servers } from './edges';
import { findLeaving, type LeavingNode } from './observe-leaving';
import type { Address, AgentReport, DatabaseView, NodeView, ServerView } from './view';

/** What it takes to look at the whole database. */
export interface DatabaseSources {
  readonly config: () => AgentConfig;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly peers: Pick<Peers, 'report'>;
  readonly clock: Clock;
}

/** Looks at every node. Remembers only what a single look cannot show: who said that it ends, and since when an id is nobody's. */
export interface DatabaseObserver {
  readonly observe: () => Promise<DatabaseView>;
  /** The newest view, without a new look. */
  readonly last: () => DatabaseView | undefined;
  /** Takes note of a report that an agent pushed. */
  readonly heard: (report: AgentReport) => void;
}

/** One observer an agent; `observe` may run several times at once. */
export function createDatabaseObserver(sources: DatabaseSources): DatabaseObserver {
  const ending = new Set<string>();
  const since = new Map<string, number>();
  let last: DatabaseView | undefined;
  const heard = (report: AgentReport): void => {
    if (report.ending) ending.add(report.node);
    else ending.delete(report.node);
  };
  const take = (node: NodeView): NodeView => {
    if (node.agent) heard(node.agent);
    return { ...node, ending: ending.has(node.name) };
  };
  return {
    heard,
    last: () => last,
    async observe() {
      const places = sources
        .config()
        .shards.flatMap((shard) => shard.nodes.map((node) => ({ shard: shard.name, node })));
      const nodes = await Promise.all(places.map(({ shard, node }) => observeNode(sources, shard, node)));
      const found = findLeaving(nodes, sources.config()).map((node) => observeLeaving(sources, node));
      const all = [...nodes, ...(await Promise.all(found))];
      const taken = all.map((node) => take(disown(node, all)));
      const [seen, leaving] = [taken.slice(0, nodes.length), taken.slice(nodes.length)];
      const strangers = trackStrangers([...seen, ...leaving], since, sources.clock.now());
      return (last = { nodes: seen, ...(leaving.length > 0 ? { leaving } : {}), strangers });
    },
  };
}

async function observeNode(sources: DatabaseSources, shard: string, node: NodeConfig): Promise<NodeView> {
  const base = { name: node.name, shard, ending: false };
  const address = await sources.book.locate(node);
  if (!address) return { ...base, server: nowhere(node) };
  return { ...base, address, ...(await ask(sources, node, address)) };
}

/** Its name may resolve no more; then the others know where it was. Whoever answers is believed only if it has the id too. */
async function observeLeaving(sources: DatabaseSources, leaving: LeavingNode): Promise<NodeView> {
  const { id, node, shard } = leaving;
  const address = (await sources.book.locate(node)) ?? leaving.address;
  if (!address) return { name: node.name, shard, ending: false, server: nowhere(node) };
  const { server, agent } = await ask(sources, node, address);
  const other = server.state === 'up' && server.cluster && server.cluster.id !== id;
  const base = { name: node.name, shard, address, ending: false, ...(agent ? { agent } : {}) };
  if (!other) return { ...base, server };
  return { ...base, server: { state: 'unreachable', reason: `somebody else is at the address of ${node.name}` } };
}

async function ask(sources: DatabaseSources, node: NodeConfig, address: Address) {
  const [agent, server] = await Promise.all([
    sources.peers.report(node, address),
    sources.servers.of(node, address).look(),
  ]);
  return { ...(agent ? { agent } : {}), server: checkIdentity(node, server, agent) };
}

/**
 * An address can belong to somebody else by now: another pod has it, or a name resolves to where the pod was. The server there says
 * its host name, and the agent there vouches for the server beside it. A MEET with anybody else would join two databases for good,
 * and an order meant for one node would be another's.
 */
function checkIdentity({ name, host }: NodeConfig, server: ServerView, agent: AgentReport | undefined): ServerView {
  if (server.state !== 'up' || !server.cluster) return server;
  const { id, table } = server.cluster;
  const hostname = table.find(({ myself }) => myself)?.hostname ?? '';
  if (hostname !== '' && hostname !== host) return stranger(`${hostname} answers at the address of ${name}`);
  if (agent?.id === undefined || agent.id === id) return server;
  return stranger(`${name} should be ${agent.id}, but ${id} answers at its address`);
}

/** Older engines know no host names: there another node's agent may know the server for its own. */
function disown(node: NodeView, all: readonly NodeView[]): NodeView {
  const id = node.server.state === 'up' ? node.server.cluster?.id : undefined;
  const owner = id === undefined ? undefined : all.find(({ agent }) => agent?.id === id);
  if (!owner || owner.name === node.name) return node;
  return { ...node, server: stranger(`${owner.name} answers at the address of ${node.name}`) };
}

const nowhere = ({ host }: NodeConfig): ServerView => ({ state: 'unreachable', reason: `${host} has no address` });

const stranger = (reason: string): ServerView => ({ state: 'unreachable', reason });

/** Ids in somebody's table that no answering node has, with the milliseconds for which that has been so. */
function trackStrangers(nodes: readonly NodeView[], since: Map<string, number>, now: number): Record<string, number> {
  const clusters = nodes.flatMap(({ server }) => (server.state === 'up' && server.cluster ? [server.cluster] : []));
  const own = new Set(clusters.map((cluster) => cluster.id));
  const known = clusters.flatMap((cluster) => cluster.table.filter((entry) => !entry.handshake));
  const strangers = new Set(known.map((entry) => entry.id).filter((id) => !own.has(id)));
  for (const id of since.keys()) if (!strangers.has(id)) since.delete(id);
  for (const id of strangers) if (!since.has(id)) since.set(id, now);
  return Object.fromEntries([...since].map(([id, first]) => [id, now - first]));
}
