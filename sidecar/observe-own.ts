import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Identity, NodeHome, Server } from './edges';
import type { DatabaseObserver } from './observe';
import type { Primacy } from './primacy';
import { nodeOf } from './steps/replication/copies';
import type { AgentReport, DiskView, OwnView, PrimaryRecord, Role, ServerView } from './view';

/** What it takes to look at the own node. */
export interface OwnSources {
  readonly config: () => AgentConfig;
  readonly identity: Identity;
  readonly home: NodeHome;
  /** The server beside this agent. */
  readonly server: () => Promise<Server>;
  readonly database: DatabaseObserver;
  readonly clock: Clock;
  /** Where the agents decide who is primary. */
  readonly primacy?: Primacy;
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
  const done: { start?: string | undefined; role?: Role; told: boolean } = { told: false };
  let downSince: number | undefined;
  let stoppingSince: number | undefined;
  let last: OwnView | undefined;
  let lookedAt = clock.now();

  async function observe(): Promise<OwnView> {
    const server = await (await sources.server()).look();
    const { disk, accounts, start, stopping, released } = await readHome(server, home);
    const now = clock.now();
    if (server.state === 'up') [done.start, downSince] = [undefined, undefined];
    else downSince ??= now;
    if (!stopping) [done.told, stoppingSince] = [false, undefined];
    else stoppingSince ??= now;
    const view: OwnView = {
      name: identity.node,
      shard: shardOf(config(), identity.node),
      server,
      disk,
      accounts,
      ...(start === undefined ? {} : { start }),
      permitted: start !== undefined && start === done.start,
      heldMs: downSince === undefined ? 0 : now - downSince,
      stopping,
      stoppingMs: stoppingSince === undefined ? 0 : now - stoppingSince,
      told: done.told,
      released,
      ...(done.role ? { labelledRole: done.role } : {}),
    };
    if (disk.lastPrimary) sources.primacy?.recall(disk.lastPrimary);
    last = await lookAround(withPrimacy(view, sources.primacy));
    lookedAt = clock.now();
    return last;
  }

  async function lookAround(view: OwnView): Promise<OwnView> {
    if (!sources.primacy && !needsOthers(view)) return view;
    // The others may ask for a report while they are being looked at.
    last = last?.database ? { ...view, database: last.database } : view;
    return withPrimacy({ ...view, database: await sources.database.observe() }, sources.primacy);
  }

  return {
    observe,
    last: () => last,
    lookedAt: () => lookedAt,
    report: () => ({ ...reportOf(last, identity), ...acknowledge(last, sources.primacy?.record()) }),
    gavePermit: (start) => (done.start = start),
    toldEnding: () => (done.told = true),
    labelled: (role) => (done.role = role),
  };
}

/** A held or ending node must know who could take over, or has; else the coordinator's look at the others is enough. */
const needsOthers = (view: OwnView): boolean => (view.server.state === 'absent' && !view.permitted) || view.stopping;

const withPrimacy = (view: OwnView, primacy: Primacy | undefined): OwnView =>
  primacy ? { ...view, primacy: primacy.view() } : view;

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
  const { id, role, primaryId, configEpoch, slots } = self;
  return { hasData: true, cluster: { id, role, ...(primaryId ? { primaryId } : {}), configEpoch, slots } };
}

function shardOf(config: AgentConfig, name: string): string {
  const shard = config.shards.find(({ nodes }) => nodes.some((node) => node.name === name));
  if (!shard) throw new Error(`node "${name}" is not in the configuration of ${config.database}`);
  return shard.name;
}

function reportOf(view: OwnView | undefined, identity: Identity): AgentReport {
  const { node, host, zone } = identity;
  if (!view) return { node, server: 'unknown', ending: false, disk: { hasData: false }, host, zone };
  const { server, disk, accounts, stopping } = view;
  const id = disk.cluster?.id;
  const problem = accounts.state === 'unclear' ? { problem: accounts.reason } : {};
  return { node, ...(id ? { id } : {}), server: stateOf(server), ending: stopping, ...problem, disk, host, zone };
}

/** The newest record, as of now, and how long its primary has been silent. */
function acknowledge(
  view: OwnView | undefined,
  record: PrimaryRecord | undefined,
): Pick<AgentReport, 'record' | 'primarySilentMs'> {
  if (!record) return {};
  const primary = view?.database && nodeOf(view.database, record.primary);
  return { record, ...(primary ? { primarySilentMs: primary.silence?.forMs ?? 0 } : {}) };
}

/** A server that hangs still has what its memory holds; one that does not run has lost it. */
function stateOf(server: ServerView): AgentReport['server'] {
  if (server.state === 'up') return server.loading ? 'loading' : 'up';
  return server.state === 'absent' ? 'held' : 'unknown';
}
