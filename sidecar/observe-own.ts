import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Identity, NodeHome, Platform, Server } from './edges';
import type { DatabaseObserver } from './observe';
import { createLeftovers } from './leftovers';
import { ownNode } from './own-node';
import { everyone, isForsaken } from './steps/slots/everyone';
import type { AgentReport, DiskView, OwnView, Role, ServerView } from './view';

/** What it takes to look at the own node. */
export interface OwnSources {
  readonly config: () => AgentConfig;
  readonly identity: Identity;
  readonly home: NodeHome;
  /** The server beside this agent. */
  readonly server: () => Promise<Server>;
  readonly database: DatabaseObserver;
  readonly platform: Pick<Platform, 'disowned'>;
  readonly clock: Clock;
}

/** Looks at the own node, and remembers what this agent did to it. */
export interface OwnObserver {
  readonly observe: () => Promise<OwnView>;
  /** The last view, without a new look. */
  readonly last: () => OwnView | undefined;
  /** When the last look was complete, by the clock of the sources. */
  readonly lookedAt: () => number;
  /** What the other agents are told. */
  readonly report: () => AgentReport;
  readonly gavePermit: (start: string) => void;
  readonly toldEnding: () => void;
  readonly labelled: (role: Role) => void;
}

/** One observer an agent. */
export function createOwnObserver(sources: OwnSources): OwnObserver {
  const { clock, config, home, identity } = sources;
  const leftovers = createLeftovers();
  const [held, ending, forsaken] = [createStopwatch(), createStopwatch(), createStopwatch()];
  let permittedStart: string | undefined;
  let labelledRole: Role | undefined;
  let told = false;
  let last: OwnView | undefined;
  let lookedAt = clock.now();

  async function observe(): Promise<OwnView> {
    const server = await (await sources.server()).look();
    const { start, stopping, ...seen } = await readHome(server, home);
    const now = clock.now();
    if (server.state === 'up') permittedStart = undefined;
    if (!stopping) told = false;
    const view: OwnView = {
      ...whoIs(identity, config()),
      ...seen,
      server,
      ...(start === undefined ? {} : { start }),
      permitted: start !== undefined && start === permittedStart,
      heldMs: held(server.state !== 'up', now),
      stopping,
      stoppingMs: ending(stopping, now),
      disowned: await sources.platform.disowned(),
      told,
      ...(labelledRole ? { labelledRole } : {}),
      ...leftovers.look(server, now),
    };
    last = view; // the others may ask for a report while they are being looked at
    if (needsOthers(view)) last = { ...view, ...(await lookAround(view, sources, forsaken)) };
    lookedAt = clock.now();
    return last;
  }

  return {
    observe,
    last: () => last,
    lookedAt: () => lookedAt,
    report: () => reportOf(last, identity),
    gavePermit(start) {
      permittedStart = start;
      if (last) leftovers.expect(last.disk);
    },
    toldEnding: () => (told = true),
    labelled: (role) => (labelledRole = role),
  };
}

const whoIs = ({ node }: Identity, config: AgentConfig): Pick<OwnView, 'name' | 'shard'> => ({
  name: node,
  shard: ownNode(config, node).shard,
});

/** A node whose shard leaves is looked after like any other until it is gone, also where nobody has heard of it yet. */
async function lookAround(
  view: OwnView,
  { database, config, clock, identity }: OwnSources,
  forsaken: Stopwatch,
): Promise<Pick<OwnView, 'database' | 'forsakenMs'>> {
  const { name, shard, server, stopping } = view;
  const others = everyone(await database.observe());
  const self = { name, shard, server, ending: stopping, address: { ip: identity.ip, ...config().ports } };
  const known = others.nodes.some((node) => node.name === name);
  const seen = known ? others : { ...others, nodes: [...others.nodes, { ...self, agent: reportOf(view, identity) }] };
  const alone = stopping && isForsaken(shard, seen, config());
  const forsakenMs = forsaken(alone, clock.now());
  return { database: seen, ...(alone ? { forsakenMs } : {}) };
}

/** Says for how many milliseconds something has been so; 0 while it is not. */
type Stopwatch = (runs: boolean, now: number) => number;

function createStopwatch(): Stopwatch {
  let since: number | undefined;
  return (runs, now) => {
    since = runs ? (since ?? now) : undefined;
    return since === undefined ? 0 : now - since;
  };
}

/**
 * A held or ending node must know who could take over, or has, and one with leftovers who owns their slots; else the coordinator's look
 * at the others is enough.
 */
const needsOthers = (view: OwnView): boolean =>
  (view.server.state === 'absent' && !view.permitted) || view.stopping || view.leftovers !== undefined;

async function readHome(server: ServerView, home: NodeHome) {
  const [disk, accounts, start, stopping, released] = await Promise.all([
    diskOf(server, home),
    home.accounts(),
    home.start(),
    home.stopping(),
    home.released(),
  ]);
  return { disk, accounts, start, stopping, released };
}

/** While the server runs its own answers are newer than its files. */
async function diskOf(server: ServerView, home: NodeHome): Promise<DiskView> {
  if (server.state !== 'up' || !server.cluster) return home.disk();
  const self = server.cluster.table.find((entry) => entry.myself)!;
  const { id, role, primaryId, configEpoch, slots, openSlots } = self;
  return { hasData: true, cluster: { id, role, ...(primaryId ? { primaryId } : {}), configEpoch, slots, openSlots } };
}

function reportOf(view: OwnView | undefined, identity: Identity): AgentReport {
  const { node, host, zone } = identity;
  if (!view) return { node, server: 'unknown', ending: false, disk: { hasData: false }, host, zone };
  const { server, disk, accounts, stopping, leftovers } = view;
  const id = disk.cluster?.id;
  const left = leftovers ? { leftovers: leftovers.slots } : {};
  const problem = accounts.state === 'unclear' ? { problem: accounts.reason } : {};
  const told = { ...left, ending: stopping, ...problem };
  return { node, ...(id ? { id } : {}), server: stateOf(server), ...told, disk, host, zone };
}

/** A server that hangs still has what its memory holds; one that does not run has lost it. */
function stateOf(server: ServerView): AgentReport['server'] {
  if (server.state === 'up') return server.loading ? 'loading' : 'up';
  return server.state === 'absent' ? 'held' : 'unknown';
}
