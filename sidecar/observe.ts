import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import type { AddressBook, Clock, Peers, Sentinels, Servers } from './edges';
import { isOutsideName, nameInside } from './inside-names';
import { findLeaving, type LeavingNode } from './observe-leaving';
import { observeSentinels } from './observe-sentinels';
import { atService } from './own-node';
import { createPatience, type Patience } from './patience';
import { within } from './within';
import type { Address, AgentReport, DatabaseView, NodeView, ServerView } from './view';

/** What it takes to look at the whole database. */
export interface DatabaseSources {
  readonly config: () => AgentConfig;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly sentinels?: Sentinels;
  readonly peers: Pick<Peers, 'report'>;
  readonly clock: Clock;
  /** Longest that a look waits for one that does not answer, who counts as silent then. Milliseconds. @default as long as connections do */
  readonly answerMs?: () => number;
  /** Told of every report that an agent gave, and when it was asked for; or pushed. */
  readonly onReport?: (report: AgentReport, asked?: number) => void;
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
  const ending = new Map<string, Pick<NodeView, 'ending' | 'fenced'>>();
  const since = new Map<string, number>();
  let last: DatabaseView | undefined;
  const silences = new Map<string, { since: number; looks: number }>();
  const patience = createPatience(sources.answerMs, (name) => silences.get(name)?.looks ?? 0);
  const heard = (report: AgentReport, asked?: number): void => {
    sources.onReport?.(report, asked);
    const { node, fenced } = report;
    if (report.ending) ending.set(node, { ending: true, ...(fenced === undefined ? {} : { fenced }) });
    else ending.delete(node);
  };
  return {
    heard: (report) => heard(report),
    last: () => last,
    async observe() {
      const asked = sources.clock.now();
      const places = sources
        .config()
        .shards.flatMap((shard) => shard.nodes.map((node) => ({ shard: shard.name, node })));
      // What an agent says counts from its arrival: a node that does not answer keeps the look waiting, and no proof.
      const asking: Asking = {
        ...sources,
        ...patience,
        hear: (report) => heard(report, asked),
      };
      const [looked, sentinels] = await Promise.all([
        Promise.all(places.map(({ shard, node }) => observeNode(asking, shard, node))),
        sources.sentinels && observeSentinels({ ...sources, sentinels: sources.sentinels }),
      ]);
      const nodes = nameInside(looked, sources.config());
      const found = findLeaving(nodes, sources.config()).map((node) => observeLeaving(asking, node));
      const all = nameInside([...nodes, ...(await Promise.all(found))], sources.config());
      const taken = all
        .map((node) => ({ ...disown(node, all), ...ending.get(node.name) }))
        .map((node) => ({ ...node, ...trackSilence(node, silences, asked, sources.clock.now()) }));
      const [seen, leaving] = [taken.slice(0, nodes.length), taken.slice(nodes.length)];
      const strangers = trackStrangers(taken, since, sources.clock.now());
      last = {
        tookMs: sources.clock.now() - asked,
        nodes: seen,
        ...(leaving.length > 0 ? { leaving } : {}),
        strangers,
        ...(sentinels ? { sentinels } : {}),
      };
      return last;
    },
  };
}

/** One look. */
interface Asking extends DatabaseSources, Patience {
  readonly hear: (report: AgentReport) => void;
}

async function observeNode(sources: Asking, shard: string, node: NodeConfig): Promise<NodeView> {
  const [address, announced] = await Promise.all([
    sources.book.locate(node),
    node.service === undefined ? undefined : sources.book.locate(atService(node)),
  ]);
  const base = { name: node.name, shard, ending: false, ...(announced ? { announced } : {}) };
  if (!address) return { ...base, server: nowhere(node) };
  return { ...base, address, ...(await ask(sources, node, address)) };
}

/** Its name may resolve no more; then the others know where it was. Whoever answers is believed only if it has the id too. */
async function observeLeaving(sources: Asking, leaving: LeavingNode): Promise<NodeView> {
  const { id, node, shard } = leaving;
  const address = (await sources.book.locate(node)) ?? leaving.address;
  if (!address) return { name: node.name, shard, ending: false, server: nowhere(node) };
  const { server, agent } = await ask(sources, node, address);
  const other = server.state === 'up' && server.cluster && server.cluster.id !== id;
  const base = { name: node.name, shard, address, ending: false, ...(agent ? { agent } : {}) };
  if (!other) return { ...base, server };
  return { ...base, server: { state: 'unreachable', reason: `somebody else is at the address of ${node.name}` } };
}

async function ask(sources: Asking, node: NodeConfig, address: Address): Promise<Pick<NodeView, 'agent' | 'server'>> {
  const askAgent = async (): Promise<AgentReport | undefined> => {
    const report = await sources.peers.report(node, address);
    if (!report) return undefined;
    sources.answered(node.name);
    sources.hear(report);
    return report;
  };
  const look = async (): Promise<ServerView> => {
    const server = await sources.servers.of(node, address).look();
    if (server.state === 'up') sources.answered(node.name);
    return server;
  };
  const ms = sources.patienceMs(node.name);
  const [agent, server] = await Promise.all([
    // A late report counts too, for what was asked then.
    within(sources.clock, ms, askAgent(), undefined),
    within(sources.clock, ms, look(), silent(ms)),
  ]);
  return { ...(agent ? { agent } : {}), server: checkIdentity(node, server, agent, sources.config()) };
}

/**
 * An address can belong to somebody else by now: another pod has it, or a name resolves to where the pod was. The server there says
 * its host name, and the agent there vouches for the server beside it. A MEET with anybody else would join two databases for good,
 * and an order meant for one node would be another's.
 */
function checkIdentity(
  { name, host }: NodeConfig,
  server: ServerView,
  agent: AgentReport | undefined,
  config: AgentConfig,
): ServerView {
  if (server.state !== 'up' || !server.cluster) return server;
  const { id, table } = server.cluster;
  const hostname = table.find(({ myself }) => myself)?.hostname ?? '';
  const other = hostname !== '' && hostname !== host && !isOutsideName(hostname, config);
  if (other) return stranger(`${hostname} answers at the address of ${name}`);
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

const silent = (ms: number): ServerView => ({ state: 'unreachable', reason: `no answer within ${ms} ms` });

const stranger = (reason: string): ServerView => ({ state: 'unreachable', reason });

/** Counts from the first look that failed, and looks too: an agent that slept meanwhile has not watched. */
function trackSilence(
  { name, server }: NodeView,
  silences: Map<string, { since: number; looks: number }>,
  asked: number,
  now: number,
): Pick<NodeView, 'silence'> {
  if (server.state === 'up') {
    silences.delete(name);
    return {};
  }
  const { since, looks } = silences.get(name) ?? { since: asked, looks: 0 };
  silences.set(name, { since, looks: looks + 1 });
  return { silence: { forMs: now - since, looks: looks + 1 } };
}

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
