import { hasRecord } from '../lib/contract/engines';
import { act, type Hands } from './act';
import { describe, type Action } from './action';
import { createBeside } from './beside';
import type { ConfigSource } from './config-source';
import { withPatience, type Cycle } from './cycle';
import type {
  AddressBook,
  Gate,
  Identity,
  LeaseRecord,
  Log,
  NodeHome,
  PeerRequest,
  Peers,
  Platform,
  Sentinels,
  Servers,
  SlotServers,
} from './edges';
import { whyNothingMoves } from './drain';
import { judge, type DatabaseStatus } from './health';
import type { Loop } from './loop';
import { createGuards } from './office';
import { createKnownAddresses } from './known-addresses';
import { createDatabaseObserver, type DatabaseObserver } from './observe';
import { createClaimObserver } from './observe-claims';
import { createConfigurationObserver } from './observe-configuration';
import { createSetObserver } from './observe-sets';
import { createMeshObserver } from './observe-mesh';
import type { OrdersWatch } from './orders';
import { createOwnObserver, type OwnObserver } from './observe-own';
import { planDatabase, planLabel, planNode } from './plan';
import { createPrimacy } from './primacy';
import { describeNode, judgeReadiness } from './readiness';
import { createPublisher } from './publish';
import { calmMsOf, repeat, type CycleName, type Pass, type Repetition } from './repeat';
import { createSlotKeeper, type SlotKeeper } from './slot-keeper';
import { createSlotsCycle } from './slots-cycle';
import type { Bring } from './restore/restorer';
import { answerMs, slackMs } from './steps/replication/timing';
import { createTurns } from './turns';
import type { Address, AgentReport, DatabaseView, OwnView } from './view';

/** Everything the agent stands on. */
export interface Edges extends Omit<Repetition, 'calmMs'> {
  readonly identity: Identity;
  readonly config: ConfigSource;
  /** Where the server beside this agent listens. */
  readonly ownAddress: () => Promise<Address>;
  readonly book: AddressBook;
  readonly servers: Servers;
  /** Where there are any. */
  readonly sentinels?: Sentinels;
  readonly slotServers: SlotServers;
  /** Over which the own server copies a primary elsewhere; where there is none, no spec names one. */
  readonly gate?: Gate;
  /** What a database that is to start from a backup has of it brought with. */
  readonly bring?: Bring;
  readonly peers: Peers;
  readonly home: NodeHome;
  readonly platform: Platform;
  /** Calls back when this agent begins to act for the whole database. */
  readonly onLeading: (listener: () => void) => void;
  /** Calls back when a file between agent and server has come or gone. */
  readonly onDisturbance?: (listener: () => void) => void;
}

/** The process beside one server. */
export interface Agent {
  /** Runs until the signal is aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly report: () => AgentReport;
  /** Takes in a report that another agent pushed. */
  readonly heard: (report: AgentReport) => void;
  /** Takes in what is told beside the coordinator's lease. */
  readonly saw: (lease: LeaseRecord) => void;
  /** Does what another agent, or a command, asks for. */
  readonly requested: (request: PeerRequest) => void;
  readonly readiness: () => ReturnType<typeof judgeReadiness>;
  /** The own node is looked at again and again. */
  readonly alive: () => boolean;
}

/** Longest time between two looks at the own node before the agent is thought to hang. Milliseconds. */
const hangMs = 30_000;

/** Puts the agent together; nothing runs yet. */
export function createAgent(edges: Edges): Agent {
  const { clock } = edges;
  const config = edges.config.current;
  const book = createKnownAddresses({ book: edges.book, config, server: () => own.last()?.server });
  const decides = hasRecord(config().topology);
  const office = decides ? { primacy: createPrimacy({ ...edges, config, self: edges.identity.node }) } : {};
  const { primacy } = office;
  const peers = besidesOwn(edges, () => own.report());
  const heard = primacy ? { onReport: primacy.hear, answerMs: () => answerMs(config()) } : {};
  const database = createDatabaseObserver({ ...edges, book, config, peers, ...heard });
  const beside = createBeside(edges, office, () => loops.node.wake());
  const { orders } = beside.watches;
  const own = createOwnObserver({ ...edges, ...office, ...beside.watches, config, server: beside.server, database });
  const slots = createSlotKeeper({ ...edges, config });
  const shared = { book, config, own, slots, labels: createTurns(1) };
  const hands: Hands = { ...edges, ...office, ...beside.hands, ...shared };
  const loops = createLoops({ ...edges, book, orders }, hands, own, database);
  const guards = primacy ? createGuards({ ...edges, config, own, hands, primacy }) : [];
  primacy?.onChange(loops.node.wake);
  orders.onChange(() => {
    loops.node.wake();
    loops.database.wake();
  });
  return {
    async run(signal) {
      edges.servers.onLost((node) => {
        // Of the primary too: who is to replace it counts from its first look that fails.
        if (node === edges.identity.node || node === primacy?.record()?.primary) loops.node.wake();
        loops.database.wake();
      });
      edges.onDisturbance?.(loops.node.wake);
      edges.onLeading(() => [loops.database, loops.slots].forEach((loop) => loop?.wake()));
      await orders.recall();
      // A server that runs already is not closed before there was a chance to prove that it may take writes.
      if (primacy) await Promise.race([primacy.look(), clock.sleep(slackMs(config()))]);
      const all = [...Object.values(loops), ...guards, ...beside.loops];
      await Promise.all(all.map((loop) => loop.run(signal)));
    },
    report: () => withProgress(own.report(), edges.leading() ? slots : undefined),
    heard(report) {
      database.heard(report);
      loops.node.wake();
      loops.database.wake();
    },
    saw: orders.heard,
    requested: orders.request,
    readiness: () => judgeReadiness(own.last()),
    alive: () => clock.now() - own.lookedAt() < hangMs,
  };
}

/** Nobody has to ask an agent over the network for its own report. */
const besidesOwn = ({ identity, peers }: Edges, report: () => AgentReport): Pick<Peers, 'report'> => ({
  report: (node, at) => (node.name === identity.node ? Promise.resolve(report()) : peers.report(node, at)),
});

/** The cycles, each at its own pace; that of slots where there are any. */
type Loops = Readonly<Record<Exclude<CycleName, 'slots'>, Loop> & { slots?: Loop }>;

/** With what persons ask for outside Git. */
interface Watched {
  readonly orders: Pick<OrdersWatch, 'heed'>;
}

/** Told after each pass why no slot moves; undefined where some do, or none are to. */
interface SlotsWatched extends Watched {
  readonly whyStill: (why: string | undefined) => void;
}

function withProgress(report: AgentReport, slots: SlotKeeper | undefined): AgentReport {
  const moving = slots?.progress();
  return { ...report, ...(moving && { moving }) };
}

/** The database, with what only its coordinator looks at. */
function createWholeObserver({ platform, clock, log, config }: Edges, database: DatabaseObserver) {
  const sources = { platform, clock, log, config: config.current };
  const withSets = createSetObserver(sources);
  const withClaims = createClaimObserver(sources);
  const withConfiguration = createConfigurationObserver(sources);
  const observe = createMeshObserver({ ...sources, observe: database.observe });
  return async (): Promise<DatabaseView> => withConfiguration(await withClaims(await withSets(await observe())));
}

function createLoops(edges: Edges & Watched, hands: Hands, own: OwnObserver, database: DatabaseObserver): Loops {
  const { clock, identity, log, platform } = edges;
  const { slots } = hands;
  const config = edges.config.current;
  const perform = withPatience((action) => actAndAnnounce(action, hands, log), clock);
  const observe = createWholeObserver(edges, database);
  const publish = createPublisher(platform, clock, log);
  const look = async (): Promise<OwnView> => {
    await edges.config.refresh().catch((error: unknown) => log.warn({ error }, 'the new configuration is not used'));
    const view = await own.observe();
    // Clients are sent by it: a role that has changed is not news of the next beat.
    if (planLabel(view, config()).length > 0) loops.label.wake();
    return view;
  };
  const node: Cycle<OwnView> = {
    observe: look,
    plan: (view) => planNode(view, config()),
    act: perform,
    rest: (view) => (view.paused === undefined ? '' : `paused, ${view.paused}; `) + describeNode(view),
  };
  const label: Cycle<OwnView> = {
    observe: async () => own.last() ?? (await look()),
    plan: (view) => planLabel(view, config()),
    act: perform,
    rest: () => 'the label is right',
  };
  const whole: Cycle<DatabaseView> = {
    observe: async () => edges.orders.heed(await observe()),
    plan: (view) => planDatabase(view, config()),
    act: perform,
    rest: ({ paused }) =>
      paused === undefined ? 'nothing to do, the database is complete' : `paused, ${paused}: nothing is done`,
  };
  const paced = (name: CycleName): Repetition => ({ ...edges, calmMs: () => calmMsOf(name, config()) });
  let still: string | undefined;
  const moves = { ...edges, whyStill: (why: string | undefined) => void (still = why) };
  const loops: Loops = {
    ...(config().topology === 'cluster' ? { slots: createSlotsLoop(paced('slots'), moves, hands, database) } : {}),
    node: repeat('node', paced('node'), node),
    label: repeat('label', paced('label'), label),
    database: repeat('database', paced('database'), whole, ({ view, sentence }) => {
      const status = withMoves(judge(config(), view), slots, still);
      publish(status, sentence, identity.node);
      // Where they are to go has changed since it last looked.
      if (slots.areToMove(view)) loops.slots?.wake();
      return { status };
    }),
  };
  return loops;
}

function createSlotsLoop(
  repetition: Repetition,
  { config: { current: config }, log, clock, orders, whyStill }: Edges & SlotsWatched,
  hands: Hands,
  database: DatabaseObserver,
): Loop {
  const { slots } = hands;
  const perform = withPatience((action) => actAndAnnounce(action, hands, log), clock);
  const cycle = createSlotsCycle({ config, database, slots, act: perform, heed: orders.heed, clock });
  return repeat('slots', repetition, cycle, (outcome) => {
    whyStill(whyNothingMoves(outcome, config()));
    return progressOf(slots);
  });
}

/** What the coordinator alone knows beside what it has judged: how slots get on, and why they do not. */
function withMoves(status: DatabaseStatus, slots: SlotKeeper, still: string | undefined): DatabaseStatus {
  const { progress } = progressOf(slots);
  const { drain } = status;
  return {
    ...status,
    ...(drain && still !== undefined ? { drain: { ...drain, why: still } } : {}),
    ...(progress ? { moving: progress } : {}),
  };
}

function progressOf(slots: SlotKeeper): Pick<Pass, 'progress'> {
  const progress = slots.progress();
  return progress ? { progress } : {};
}

/** Worth an event that outlives the log. */
const announced: ReadonlySet<Action['do']> = new Set<Action['do']>([
  'assign-slots',
  'replicate',
  'failover',
  'promote',
  'appoint',
  'hand-over',
  'ask-failover',
  'forget',
  'stop-rollout',
  'replace-pod',
  'link',
  'unlink',
  'relink',
  'shut-down',
  'grow-volume',
]);

async function actAndAnnounce(action: Action, hands: Hands, log: Log): Promise<void> {
  await act(action, hands);
  if (!announced.has(action.do)) return;
  // Not waited for: the API may be away, and the database goes on without it.
  hands.platform
    .announce(action, describe(action))
    .catch((error: unknown) => log.warn({ error: String(error) }, `cannot announce: ${describe(action)}`));
}
