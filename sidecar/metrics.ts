import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { Health } from './health';
import type { Progress } from './view-slots';
import type { Pass } from './repeat';
import { registerSourceFigures } from './metrics-source';
import type { OwnView, ServerUp, ServerView } from './view';

/** What the metrics are about. */
export interface MetricsOptions {
  readonly database: string;
  readonly node: string;
  /** Of this agent: `0.1.0`. */
  readonly version: string;
  readonly leading: () => boolean;
}

/** The agent's figures for Prometheus. */
export interface Metrics {
  /** Takes in what one pass of a cycle has seen and done. */
  observe(pass: Pass): void;
  /** The text a scrape gets. */
  render(): Promise<string>;
  /** Its media type. */
  readonly contentType: string;
}

/** Figures of the own server; they are absent while it does not answer. */
const serverFigures: readonly (readonly [name: string, help: string, read: (server: ServerUp) => number])[] = [
  [
    'keyspace_node_primary',
    '1 where the node is a primary, 0 where it is a replica',
    ({ role, copy }) => bit(role === 'primary' && copy?.source === undefined),
  ],
  ['keyspace_node_loading', '1 while the server reads its files', ({ loading }) => bit(loading)],
  [
    'keyspace_node_replication_offset_bytes',
    'Replication stream produced by a primary, received by a replica',
    ({ offset }) => offset,
  ],
  [
    'keyspace_node_replication_link_up',
    '1 while a replica is connected to its primary; always 1 for a primary',
    ({ linkUp }) => bit(linkUp),
  ],
  ['keyspace_node_connected_replicas', 'Replicas connected to the node', ({ connectedReplicas }) => connectedReplicas],
  ['keyspace_node_connected_clients', 'Clients connected to the node', ({ connectedClients }) => connectedClients],
  ['keyspace_node_memory_used_bytes', 'Memory the server has allocated', ({ usedMemoryBytes }) => usedMemoryBytes],
  [
    'keyspace_node_memory_max_bytes',
    'maxmemory of the server, 0 where there is no limit',
    ({ maxMemoryBytes }) => maxMemoryBytes,
  ],
];

/** Upper bounds in seconds: a look takes milliseconds, and one that has to wait for a node that is away about a second. */
const durationBuckets = [0.005, 0.02, 0.1, 0.5, 1, 2, 5];

const healthStates = ['Healthy', 'Warning', 'Degraded', 'Critical'] as const satisfies readonly Health[];

const bit = (fact: boolean): number => (fact ? 1 : 0);

/** A registry of our own: nothing that is loaded beside it adds figures. Every figure carries the labels `database` and `node`. */
export function createMetrics({ database, node, version, leading }: MetricsOptions): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ database, node });
  registerAgentFigures(registry, version);
  const setOwn = registerOwnFigures(registry);
  const countActions = registerActionFigures(registry);
  const setMoving = registerMovingFigures(registry);
  const registers = [registry];
  const coordinator = new Gauge({
    name: 'keyspace_coordinator',
    help: '1 where this agent acts for the whole database',
    registers,
  });
  const health = new Gauge({
    name: 'keyspace_database_health',
    help: '1 for the present health of the database; only its coordinator tells',
    labelNames: ['state'],
    registers,
  });
  const durations = new Histogram({
    name: 'keyspace_cycle_duration_seconds',
    help: 'Time of one pass: look, plan and act',
    labelNames: ['cycle'],
    buckets: durationBuckets,
    registers,
  });

  return {
    contentType: registry.contentType,
    observe({ cycle, tookMs, outcome, status, progress }) {
      durations.observe({ cycle }, tookMs / 1000);
      countActions(outcome);
      if (cycle === 'node' && 'server' in outcome.view) setOwn(outcome.view);
      if (cycle === 'slots') setMoving(progress);
      if (status) for (const state of healthStates) health.set({ state }, bit(state === status.health));
    },
    render() {
      coordinator.set(bit(leading()));
      // What it was when this agent last knew says nothing any more.
      if (!leading()) {
        health.reset();
        setMoving(undefined);
      }
      return registry.metrics();
    },
  };
}

function registerServerFigures(registry: Registry): (view: { readonly server: ServerView }) => void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const up = gauge('keyspace_node_up', '1 while the server answers its agent');
  const figures = serverFigures.map(([name, help, read]) => ({ read, gauge: gauge(name, help) }));
  return ({ server }) => {
    up.set(bit(server.state === 'up'));
    for (const figure of figures) {
      if (server.state === 'up') figure.gauge.set(figure.read(server));
      else figure.gauge.remove();
    }
  };
}

function registerOwnFigures(registry: Registry): (view: OwnView) => void {
  const figures = [registerServerFigures, registerOrderFigures, registerSourceFigures].map((register) =>
    register(registry),
  );
  return (view) => figures.forEach((set) => set(view));
}

/** What people have told the agent. */
function registerOrderFigures(registry: Registry): (view: Pick<OwnView, 'fenced' | 'paused'>) => void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const fenced = gauge('keyspace_node_fenced', '1 while the node is to serve nobody');
  const paused = gauge('keyspace_paused', '1 while the agent watches and does nothing');
  return (view) => {
    fenced.set(bit(view.fenced !== undefined));
    paused.set(bit(view.paused !== undefined));
  };
}

/** What the agent has done, and what it could not do. */
export function registerActionFigures(
  registry: Registry,
): (outcome: Pick<Pass['outcome'], 'actions' | 'failures'>) => void {
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['action'], registers: [registry] });
  const done = counter('keyspace_actions_total', 'Actions done');
  const failed = counter('keyspace_action_failures_total', 'Actions that failed');
  return ({ actions, failures }) => {
    const failing = new Set(failures.map(({ action }) => action));
    for (const action of actions) {
      if (action.do !== 'wait') (failing.has(action) ? failed : done).inc({ action: action.do });
    }
  };
}

/** Slots on their way, at the coordinator; absent while none are. */
const movingFigures: readonly (readonly [name: string, help: string, read: (progress: Progress) => number])[] = [
  ['keyspace_moving_slots_left', 'Slots that are still to move', ({ left }) => left.slots],
  ['keyspace_moving_keys_left', 'Keys in them, estimated', ({ left }) => left.keys],
  ['keyspace_moving_bytes_left', 'Bytes in them, estimated', ({ left }) => left.bytes],
  ['keyspace_moving_slots_moved', 'Slots that have moved since it began', ({ moved }) => moved.slots],
  ['keyspace_moving_bytes_per_second', 'Bytes that move in a second', ({ bytesPerSecond }) => bytesPerSecond],
  ['keyspace_moving_seconds_left', 'Time left at this rate', ({ secondsLeft }) => secondsLeft ?? NaN],
];

function registerMovingFigures(registry: Registry): (progress: Progress | undefined) => void {
  const figures = movingFigures.map(([name, help, read]) => ({
    read,
    gauge: new Gauge({ name, help, registers: [registry] }),
  }));
  const clear = () => figures.forEach(({ gauge }) => gauge.remove());
  clear();
  return (progress) => {
    if (!progress) clear();
    else figures.forEach(({ gauge, read }) => gauge.set(read(progress)));
  };
}

/** The agent's version, and what it costs under the names that every Prometheus client uses. */
export function registerAgentFigures(registry: Registry, version: string): void {
  const registers = [registry];
  const info = { name: 'keyspace_agent_info', help: 'Version of the agent', labelNames: ['version'], registers };
  new Gauge(info).set({ version }, 1);
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the agent',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the agent',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}
