import { act, type Hands } from './act';
import { describe, type Action } from './action';
import type { ConfigSource } from './config-source';
import { withPatience, type Cycle } from './cycle';
import type { AddressBook, Identity, Log, NodeHome, Peers, Platform, Server, Servers, SlotServers } from './edges';
import { judge } from './health';
import type { Loop } from './loop';
import { createKnownAddresses } from './known-addresses';
import { createDatabaseObserver, type DatabaseObserver } from './observe';
import { createOwnObserver, type OwnObserver } from './observe-own';
import { planDatabase, planLabel, planNode } from './plan';
import { describeNode, judgeReadiness } from './readiness';
import { createPublisher } from './publish';
import { ownNode } from './own-node';
import { repeat, type CycleName, type Pass, type Repetition } from './repeat';
import { createSlotKeeper, type SlotKeeper } from './slot-keeper';
import { createSlotsCycle } from './slots-cycle';
import type { Address, AgentReport, DatabaseView, OwnView } from './view';

/** Everything the agent stands on. */
export interface Edges extends Repetition {
  readonly identity: Identity;
  readonly config: ConfigSource;
  /** Where the server beside this agent listens. */
  readonly ownAddress: () => Promise<Address>;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly slotServers: SlotServers;
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
  const database = createDatabaseObserver({ ...edges, book, config, peers: besidesOwn(edges, () => own.report()) });
  const own = createOwnObserver({ ...edges, config, server: () => ownServer(edges), database });
  const loops = createLoops({ ...edges, book }, own, database);
  return {
    async run(signal) {
      (await ownServer(edges)).onLost(loops.node.wake);
      edges.onDisturbance?.(loops.node.wake);
      edges.onLeading(() => [loops.database, loops.slots].forEach((loop) => loop.wake()));
      await Promise.all(Object.values(loops).map((loop) => loop.run(signal)));
    },
    report: own.report,
    heard(report) {
      database.heard(report);
      loops.node.wake();
      loops.database.wake();
    },
    readiness: () => judgeReadiness(own.last()),
    alive: () => clock.now() - own.lookedAt() < hangMs,
  };
}

/** Nobody has to ask an agent over the network for its own report. */
const besidesOwn = ({ identity, peers }: Edges, report: () => AgentReport): Pick<Peers, 'report'> => ({
  report: (node, at) => (node.name === identity.node ? Promise.resolve(report()) : peers.report(node, at)),
});

/** The four cycles, each at its own pace. */
function createLoops(edges: Edges, own: OwnObserver, database: DatabaseObserver): Record<CycleName, Loop> {
  const { clock, identity, log, platform } = edges;
  const config = edges.config.current;
  const slots = createSlotKeeper({ ...edges, config });
  const hands: Hands = { ...edges, config, own, slots };
  const perform = withPatience((action) => actAndAnnounce(action, hands, log), clock);
  const publish = createPublisher(platform, clock, log);
  const look = async (): Promise<OwnView> => {
    await edges.config.refresh().catch((error: unknown) => log.warn({ error }, 'the new configuration is not used'));
    return own.observe();
  };
  const node: Cycle<OwnView> = {
    observe: look,
    plan: (view) => planNode(view, config()),
    act: perform,
    rest: describeNode,
  };
  const label: Cycle<OwnView> = {
    observe: async () => own.last() ?? (await look()),
    plan: planLabel,
    act: perform,
    rest: () => 'the label is right',
  };
  const whole: Cycle<DatabaseView> = {
    observe: database.observe,
    plan: (view) => planDatabase(view, config()),
    act: perform,
    rest: () => 'nothing to do, the database is complete',
  };
  return {
    node: repeat('node', edges, node),
    label: repeat('label', edges, label),
    database: repeat('database', edges, whole, ({ view, sentence }) => {
      const { progress } = progressOf(slots);
      const status = { ...judge(config(), view), ...(progress ? { moving: progress } : {}) };
      publish(status, sentence, identity.node);
      return { status };
    }),
    slots: repeat('slots', edges, createSlotsCycle({ config, database, slots, act: perform }), () => progressOf(slots)),
  };
}

function progressOf(slots: SlotKeeper): Pick<Pass, 'progress'> {
  const progress = slots.progress();
  return progress ? { progress } : {};
}

async function ownServer({ config, identity, servers, ownAddress }: Edges): Promise<Server> {
  return servers.of(ownNode(config.current(), identity.node).node, await ownAddress());
}

/** Worth an event that outlives the log. */
const announced: ReadonlySet<Action['do']> = new Set<Action['do']>([
  'assign-slots',
  'replicate',
  'failover',
  'promote',
  'forget',
]);

async function actAndAnnounce(action: Action, hands: Hands, log: Log): Promise<void> {
  await act(action, hands);
  if (!announced.has(action.do)) return;
  // Not waited for: the API may be away, and the database goes on without it.
  hands.platform
    .announce(action, describe(action))
    .catch((error: unknown) => log.warn({ error: String(error) }, `cannot announce: ${describe(action)}`));
}
