import type { AgentConfig } from '../lib/contract/agent-config';
import type { Clock, Identity, NodeHome, Platform, Server } from './edges';
import type { OrdersWatch } from './orders';
import type { OutsideWatch } from './outside';
import { createJoining } from './joining';
import type { ModuleWatch } from './modules';
import type { DatabaseObserver } from './observe';
import { ownNode } from './own-node';
import { createPartings } from './partings';
import type { Primacy } from './primacy';
import { nodeOf, ownOffice, running } from './steps/replication/copies';
import { isSilent } from './steps/vanished';
import { createStopwatch } from './stopwatch';
import type { Address, AgentReport, DatabaseView, DiskView, OwnView, PrimaryRecord, Role, ServerView } from './view';
import type { RestoreView } from './view-restore';
import type { SourceView } from './view-source';

/** What it takes to look at the own node. */
export interface OwnSources {
  readonly config: () => AgentConfig;
  readonly identity: Identity;
  readonly home: NodeHome;
  /** The server beside this agent. */
  readonly server: () => Promise<Server>;
  /** Where it listens. */
  readonly ownAddress: () => Promise<Address>;
  readonly database: Pick<DatabaseObserver, 'observe'>;
  readonly platform: Pick<Platform, 'disowned'>;
  readonly clock: Clock;
  /** Where the agents decide who is primary. */
  readonly primacy?: Primacy;
  readonly orders: Pick<OrdersWatch, 'whyFenced' | 'whyPaused' | 'wished'>;
  readonly outside: Pick<OutsideWatch, 'view'>;
  readonly modules: ModuleWatch;
  /** What is known of the primary elsewhere that the spec names. Never rejects. @default nothing */
  readonly source?: () => Promise<SourceView | undefined>;
  /** What is being brought to the own volume. @default nothing */
  readonly restoring?: () => RestoreView | undefined;
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
  /**
   * Takes note of a label that a pod wears now; another pod's is nobody's business here.
   *
   * @param epoch of the record by which it was given: whoever is primary under another one may have changed it since
   */
  readonly labelled: (node: string, role: Role, epoch?: number) => void;
}

/** A label, and the epoch of the record by which it was given. */
interface GivenLabel {
  readonly role: Role;
  readonly epoch: number | undefined;
}

/** What this agent did to its node. */
interface Done {
  start?: string | undefined;
  label?: GivenLabel;
  told: boolean;
}

/** The usual pause between two looks, and one that many do not answer. Milliseconds. */
const slowLookMs = 4000;

/** One observer an agent. */
export function createOwnObserver(sources: OwnSources): OwnObserver {
  const { clock, config, identity } = sources;
  const done: Done = { told: false };
  const since = createStopwatches(sources.orders);
  const joining = createJoining(sources.ownAddress);
  const partings = createPartings(sources);
  let last: OwnView | undefined;
  let lookedAt = clock.now();

  async function observe(): Promise<OwnView> {
    const server = await (await sources.server()).look();
    const { start, stopping, ...seen } = await readHome(server, sources);
    const now = clock.now();
    const times = since({ server, stopping }, now);
    if (server.state === 'up') done.start = undefined;
    if (!stopping && times.fenced === undefined) done.told = false;
    const view: OwnView = {
      ...whoIs(identity, config()),
      ...seen,
      server,
      ...doneIn(start, done),
      stopping,
      ...times,
      ...(await lookBeside(server, sources)),
      ...(await partings.look(server, now)),
    };
    if (seen.disk.lastPrimary) sources.primacy?.recall(seen.disk.lastPrimary);
    const alone = withPrimacy({ ...view, ...labelOf(done.label, sources.primacy) }, sources.primacy);
    const around = async () => partings.see(alone, reportOf(alone, identity), await lookAround(alone));
    last = needsOthers(alone, config()) ? withPrimacy({ ...alone, ...(await around()) }, sources.primacy) : alone;
    if (config().topology === 'multi-master') last = await joining.see(last, lookAround);
    lookedAt = clock.now();
    return last;
  }

  async function lookAround(view: OwnView): Promise<DatabaseView> {
    // The others may ask for a report while they are being looked at.
    last = last?.database ? { ...view, database: last.database } : view;
    return sources.database.observe();
  }

  return {
    observe,
    last: () => last,
    lookedAt: () => lookedAt,
    report: () => reportNow(last, clock.now() - lookedAt, sources),
    gavePermit(start) {
      done.start = start;
      if (last) [joining.start, partings.start].forEach((begin) => begin(last!.disk));
    },
    toldEnding: () => (done.told = true),
    labelled: (node, role, epoch) => (done.label = node === identity.node ? { role, epoch } : done.label),
  };
}

const whoIs = ({ node }: Identity, config: AgentConfig): Pick<OwnView, 'name' | 'shard'> => ({
  name: node,
  shard: ownNode(config, node).shard,
});

const doneIn = (
  start: string | undefined,
  { told, start: permitted }: Done,
): Pick<OwnView, 'start' | 'permitted' | 'told'> =>
  start === undefined ? { permitted: false, told } : { start, permitted: start === permitted, told };

/** Where clients find the server, and what it has not loaded. */
async function lookBeside(
  server: ServerView,
  { outside, modules }: OwnSources,
): Promise<Pick<OwnView, 'place' | 'warnings' | 'missingModules'>> {
  const [place, missingModules] = await Promise.all([outside.view(), modules(server)]);
  return { ...place, ...(missingModules.length > 0 ? { missingModules } : {}) };
}

/** What persons ask for; for how long the server has been away, the pod been ending, and the server run although the node is fenced. */
function createStopwatches({ whyFenced, whyPaused, wished }: OwnSources['orders']) {
  const [held, ending, running] = [createStopwatch(), createStopwatch(), createStopwatch()];
  return ({ server, stopping }: Pick<OwnView, 'server' | 'stopping'>, now: number) => {
    const [fenced, paused, wish] = [whyFenced(), whyPaused(), wished()];
    return {
      ...(paused === undefined ? {} : { paused }),
      ...(wish === undefined ? {} : { wished: wish }),
      heldMs: held(server.state !== 'up', now),
      stoppingMs: ending(stopping, now),
      ...(fenced === undefined ? {} : { fenced }),
      fencingMs: running(fenced !== undefined && server.state !== 'absent', now),
    };
  };
}

/**
 * Who may appoint a primary must know the others, a held, ending or fenced node who could take over, or has, one whose primary is silent
 * who hears it, and one with leftovers who owns their slots; else the coordinator's look is enough.
 */
const needsOthers = (view: OwnView, config: AgentConfig): boolean => {
  const { primacy, server, permitted, stopping, fenced, leftovers } = view;
  if (isAwaited(view)) return false;
  return (
    [primacy, fenced, leftovers].some((each) => each !== undefined) ||
    (server.state === 'absent' && !permitted) ||
    (server.state === 'up' && server.cluster !== undefined && isSilent(server, config)) ||
    stopping
  );
};

/** Everybody waits for it to become primary, and what it does about that depends on nobody: the one before takes no writes any more. */
const isAwaited = (view: OwnView): boolean =>
  ownOffice(view)?.vacated === true && running(view.server)?.role === 'replica';

const labelOf = (label: GivenLabel | undefined, primacy: Primacy | undefined): Pick<OwnView, 'labelledRole'> =>
  label && label.epoch === primacy?.record()?.epoch ? { labelledRole: label.role } : {};

const withPrimacy = (view: OwnView, primacy: Primacy | undefined): OwnView =>
  primacy ? { ...view, primacy: primacy.view() } : view;

async function readHome(server: ServerView, { home, source: lookAtSource, restoring: lookAtRestore }: OwnSources) {
  // Before the volume: what has been brought since is there then.
  const restoring = lookAtRestore?.();
  const [disk, accounts, directives, start, stopping, released, source] = await Promise.all([
    diskOf(server, home),
    home.accounts(),
    home.directives(),
    home.start(),
    home.stopping(),
    home.released(),
    lookAtSource?.(),
  ]);
  const optional = {
    ...(start === undefined ? {} : { start }),
    ...(source ? { source } : {}),
    ...(restoring ? { restoring } : {}),
  };
  return { disk, accounts, directives, stopping, released, ...optional };
}

/** While the server runs its own answers are newer than its files. */
async function diskOf(server: ServerView, home: NodeHome): Promise<DiskView> {
  if (server.state !== 'up' || !server.cluster) return home.disk();
  const self = server.cluster.table.find((entry) => entry.myself)!;
  const { id, role, primaryId, configEpoch, slots, openSlots } = self;
  return { hasData: true, cluster: { id, role, ...(primaryId ? { primaryId } : {}), configEpoch, slots, openSlots } };
}

/** Who decides by it must not take for the present what was so before a volume began to hang, and the looks with it. */
function reportNow(last: OwnView | undefined, ageMs: number, { config, identity, primacy }: OwnSources): AgentReport {
  const isOld = primacy !== undefined && ageMs > Math.max(slowLookMs, config().nodeTimeoutMs / 2);
  const unknown: ServerView = { state: 'unreachable', reason: 'not looked at for long' };
  const view: OwnView | undefined = last && isOld ? { ...last, server: unknown, database: undefined } : last;
  return { ...reportOf(view, identity), shards: config().shards.length, ...acknowledge(view, primacy?.record()) };
}

function reportOf(view: OwnView | undefined, identity: Identity): AgentReport {
  const { node, host, zone } = identity;
  if (!view) return { node, server: 'unknown', ending: false, disk: { hasData: false }, host, zone };
  const {
    server,
    disk,
    directives,
    stopping,
    fenced,
    paused,
    joined,
    leftovers,
    warnings,
    missingModules,
    source,
    restoring,
  } = view;
  const id = disk.cluster?.id;
  const problem = problemOf(view);
  return {
    node,
    ...(id ? { id } : {}),
    server: stateOf(server),
    ...(leftovers ? { leftovers: leftovers.slots } : {}),
    ending: stopping || fenced !== undefined,
    ...(fenced === undefined ? {} : { fenced }),
    ...(paused === undefined ? {} : { paused }),
    ...(joined === undefined ? {} : { serving: joined && server.state === 'up' }),
    ...(problem === undefined ? {} : { problem }),
    ...(warnings ? { warnings } : {}),
    ...(missingModules ? { missingModules } : {}),
    ...(directives.atStart.length > 0 ? { atStart: directives.atStart } : {}),
    disk,
    host,
    zone,
    ...(source ? { source } : {}),
    ...(restoring ? { restoring } : {}),
  };
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

const problemOf = ({ accounts, directives: { problems } }: OwnView): string | undefined => {
  if (accounts.state === 'unclear') return accounts.reason;
  return problems.length > 0 ? problems.join('; ') : undefined;
};

/** A server that hangs still has what its memory holds; one that does not run has lost it. */
function stateOf(server: ServerView): AgentReport['server'] {
  if (server.state === 'up') return server.loading ? 'loading' : 'up';
  return server.state === 'absent' ? 'held' : 'unknown';
}
