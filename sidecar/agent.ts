import { act, type Hands } from './act';
import { describe, type Action } from './action';
import type { ConfigSource } from './config-source';
import { runCycle, withPatience, type Cycle, type Outcome } from './cycle';
import type { AddressBook, Clock, Identity, Log, NodeHome, Peers, Platform, Servers } from './edges';
import { judge, type DatabaseStatus } from './health';
import { createLoop, type Loop } from './loop';
import { createDatabaseObserver } from './observe';
import { createOwnObserver } from './observe-own';
import { planDatabase, planLabel, planNode } from './plan';
import { judgeReadiness } from './readiness';
import { createPublisher } from './publish';
import type { Address, AgentReport, DatabaseView, OwnView } from './view';

/** Everything the agent stands on. */
export interface Edges {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly config: ConfigSource;
  /** Where the server beside this agent listens. */
  readonly ownAddress: () => Promise<Address>;
  readonly book: AddressBook;
  readonly servers: Servers;
  readonly peers: Peers;
  readonly home: NodeHome;
  readonly platform: Platform;
  readonly log: Log;
  /** Whether this agent acts for the whole database now. */
  readonly leading: () => boolean;
  /** Told of every pass: for metrics. */
  readonly observed?: (pass: Pass) => void;
}

/** One pass of one of the cycles, for metrics. */
export interface Pass {
  readonly cycle: CycleName;
  readonly tookMs: number;
  readonly outcome: Outcome<OwnView | DatabaseView>;
  readonly status?: DatabaseStatus;
}

export type CycleName = 'node' | 'label' | 'database';

/** The process beside one server. */
export interface Agent {
  /** Runs until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  report(): AgentReport;
  /** Takes in a report that another agent pushed. */
  heard(report: AgentReport): void;
  readiness(): ReturnType<typeof judgeReadiness>;
  /** The own node is looked at again and again. */
  alive(): boolean;
}

/** Longest pause of each cycle while nothing changes. Milliseconds. */
const calmMs: Readonly<Record<CycleName, number>> = { node: 1000, label: 5000, database: 3000 };

/** Pause after something happened. Milliseconds. */
const busyMs = 50;

/** Longest time between two looks at the own node before the agent is thought to hang. Milliseconds. */
const hangMs = 30_000;

/** How often an unchanged sentence is logged again. Milliseconds. */
const repeatSentenceMs = 60_000;

/** Puts the agent together; nothing runs yet. */
export function createAgent(edges: Edges): Agent {
  const { clock, config, identity, log } = edges;
  const database = createDatabaseObserver({ ...edges, config: config.current });
  const server = async () => {
    const self = config
      .current()
      .shards.flatMap((shard) => shard.nodes)
      .find((node) => node.name === identity.node);
    if (!self) throw new Error(`node "${identity.node}" is not in the configuration of ${config.current().database}`);
    return edges.servers.of(self, await edges.ownAddress());
  };
  const own = createOwnObserver({ ...edges, config: config.current, server, database });
  const hands: Hands = { ...edges, config: config.current, own };
  const actPatiently = withPatience((action) => actAndAnnounce(action, hands, log), clock);
  const publish = createPublisher(edges.platform, clock, log);
  let lastLook = clock.now();

  const node: Cycle<OwnView> = {
    async observe() {
      await config.refresh();
      const view = await own.observe();
      lastLook = clock.now();
      return view;
    },
    plan: (view) => planNode(view, config.current()),
    act: actPatiently,
  };
  const labels: Cycle<OwnView> = {
    observe: async () => own.last() ?? (await own.observe()),
    plan: planLabel,
    act: actPatiently,
  };
  const whole: Cycle<DatabaseView> = {
    observe: () => database.observe(),
    plan: (view) => planDatabase(view, config.current()),
    act: actPatiently,
  };

  const nodeLoop = repeat('node', edges, node);
  const labelLoop = repeat('label', edges, labels);
  const databaseLoop = repeat('database', edges, whole, (outcome) => {
    const status = judge(config.current(), outcome.view);
    publish(status, outcome.sentence, identity.node);
    return status;
  });

  return {
    async run(signal) {
      (await server()).onLost(() => nodeLoop.wake());
      await Promise.all([nodeLoop, labelLoop, databaseLoop].map((loop) => loop.run(signal)));
    },
    report: () => own.report(),
    heard(report) {
      database.heard(report);
      nodeLoop.wake();
      databaseLoop.wake();
    },
    readiness: () => judgeReadiness(own.last()),
    alive: () => clock.now() - lastLook < hangMs,
  };
}

/** Worth an event that outlives the log. */
const announced: ReadonlySet<Action['do']> = new Set<Action['do']>(['assign-slots', 'replicate', 'failover', 'forget']);

async function actAndAnnounce(action: Action, hands: Hands, log: Log): Promise<void> {
  await act(action, hands);
  if (!announced.has(action.do)) return;
  // Not waited for: the API may be away, and the database goes on without it.
  hands.platform
    .announce(action, describe(action))
    .catch((error: unknown) => log.warn({ error: String(error) }, `cannot announce: ${describe(action)}`));
}

/** A cycle for ever: quick while things change, calmer the longer they stay as they are. */
function repeat<View extends OwnView | DatabaseView>(
  name: CycleName,
  { clock, log, leading, observed }: Edges,
  cycle: Cycle<View>,
  after?: (outcome: Outcome<View>) => DatabaseStatus,
): Loop {
  let said = { sentence: '', since: clock.now(), logged: -Infinity };

  function speak(sentence: string, facts: object, failing: boolean): number {
    const now = clock.now();
    if (sentence !== said.sentence) said = { sentence, since: now, logged: -Infinity };
    if (now - said.logged >= repeatSentenceMs) {
      said.logged = now;
      log[failing ? 'warn' : 'info']({ cycle: name, ...facts }, sentence);
    }
    return Math.min(calmMs[name], Math.max(busyMs, (now - said.since) / 5));
  }

  async function pass(): Promise<number> {
    if (name === 'database' && !leading()) return calmMs.node;
    const began = clock.now();
    const outcome = await runCycle(cycle);
    const status = after?.(outcome);
    const tookMs = Math.round(clock.now() - began);
    observed?.({ cycle: name, tookMs, outcome, ...(status ? { status } : {}) });
    return speak(
      outcome.sentence,
      { tookMs, ...(status ? { health: status.health } : {}) },
      outcome.failures.length > 0,
    );
  }

  return createLoop(clock, pass, (error) => speak(`cannot look: ${(error as Error).message}`, {}, true));
}
