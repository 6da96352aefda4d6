/** Small builders of what the agent sees, for tests that name only what matters to them. */
import { replicationUser } from '../../../lib/contract/names';
import type {
  AgentReport,
  ClusterView,
  DatabaseView,
  NodeView,
  OwnView,
  ServerDown,
  ServerUp,
  ServerView,
  SlotRange,
  TableEntry,
} from '../../../sidecar/view';

/** A line of a table: a connected, healthy primary without slots unless told. */
export const entry = (id: string, rest: Partial<TableEntry> = {}): TableEntry => ({
  id,
  ip: `ip of ${id}`,
  client: 6379,
  bus: 16379,
  hostname: `${id}.db`,
  myself: false,
  role: 'primary',
  health: 'ok',
  handshake: false,
  connected: true,
  configEpoch: 1,
  slots: [],
  openSlots: [],
  ...rest,
});

const shardOf = (name: string): string => name.split('-')[0]!;

/** What a server says of its cluster; the line of its own id is marked as its own. */
export const cluster = (id: string, table: readonly TableEntry[], rest: Partial<ClusterView> = {}): ClusterView => ({
  id,
  ok: true,
  nodeTimeoutMs: 5000,
  replicasToWrite: 0,
  replicationUser: replicationUser('test', 'db', shardOf(id)),
  currentEpoch: 9,
  slotsAssigned: 16384,
  table: table.map((line) => (line.id === id ? { ...line, myself: true } : line)),
  ...rest,
});

/** A server that answers, with the role that its own line of the table names. */
export function up(view: ClusterView, rest: Partial<ServerUp> = {}): ServerUp {
  return {
    state: 'up',
    version: '8.1.0',
    role: view.table.find(({ myself }) => myself)?.role ?? 'primary',
    loading: false,
    offset: 100,
    linkUp: true,
    linkSilentSeconds: 0,
    connectedReplicas: 0,
    connectedClients: 0,
    usedMemoryBytes: 0,
    maxMemoryBytes: 0,
    cluster: view,
    ...rest,
  };
}

/** What is special about a node; the rest is as in a sound database. Ids and shards follow from names: `s0-1` is of shard `s0`. */
export interface Sketch {
  /** Name of the primary it follows; a primary where absent. */
  readonly follows?: string;
  readonly slots?: readonly SlotRange[];
  readonly epoch?: number;
  /** Slots half-way, as `42->id` or `42<-id`. */
  readonly open?: readonly string[];
  /** Whom it knows; everybody unless told. */
  readonly knows?: readonly string[];
  /** What it believes otherwise than is so, by name; of others than the nodes too. */
  readonly believes?: Readonly<Record<string, Partial<TableEntry>>>;
  readonly server?: Partial<ServerUp>;
  readonly cluster?: Partial<ClusterView>;
  /** Its server does not answer. */
  readonly down?: ServerDown['state'];
  /** What its agent says otherwise; `false` where it says nothing. */
  readonly agent?: Partial<AgentReport> | false;
  readonly ending?: boolean;
  readonly fenced?: string;
}

/** A database of such nodes, in the order in which they are named. Everybody knows everybody, and all is well unless told. */
export function database(
  sketches: Readonly<Record<string, Sketch>>,
  strangers: DatabaseView['strangers'] = {},
): DatabaseView {
  const lines = Object.entries(sketches).map(([name, sketch]) => lineOf(name, sketch, sketches));
  const nodes = Object.entries(sketches).map(([name, sketch]): NodeView => {
    const { agent, ending = false, fenced } = sketch;
    const marks = { ending, ...(fenced === undefined ? {} : { fenced }) };
    const report = agent === false ? {} : { agent: { ...reportOf(name, sketch, lines), ...agent } };
    const address = { ip: `ip of ${name}`, client: 6379, bus: 16379, agent: 8379 };
    return { name, shard: shardOf(name), address, ...report, ...marks, server: serverOf(name, sketch, lines) };
  });
  return { nodes, strangers };
}

function lineOf(
  name: string,
  { follows, slots, epoch, open }: Sketch,
  all: Readonly<Record<string, Sketch>>,
): TableEntry {
  const configEpoch = epoch ?? (follows === undefined ? 1 : (all[follows]?.epoch ?? 1));
  const following = follows === undefined ? {} : { role: 'replica' as const, primaryId: follows };
  return entry(name, { ...following, configEpoch, slots: slots ?? [], openSlots: open ?? [] });
}

function serverOf(name: string, sketch: Sketch, lines: readonly TableEntry[]): ServerView {
  if (sketch.down) return { state: sketch.down, reason: 'for the test' };
  const { knows, believes = {} } = sketch;
  const known = lines.filter(({ id }) => id === name || knows === undefined || knows.includes(id));
  const strangers = Object.keys(believes).filter((id) => !lines.some((line) => line.id === id));
  const table = [...known, ...strangers.map((id) => entry(id))].map((line) => ({ ...line, ...believes[line.id] }));
  return up(cluster(name, table, sketch.cluster), sketch.server);
}

function reportOf(name: string, { down, ending = false }: Sketch, lines: readonly TableEntry[]): AgentReport {
  const { id, role, primaryId, configEpoch, slots } = lines.find((line) => line.id === name)!;
  return {
    node: name,
    id,
    server: down ? 'held' : 'up',
    ending,
    disk: {
      hasData: true,
      cluster: { id, role, ...(primaryId === undefined ? {} : { primaryId }), configEpoch, slots },
    },
    host: `host of ${name}`,
    zone: `zone of ${name}`,
  };
}

/** Of a node to which nothing happens. */
export const calm = {
  accounts: { state: 'current' },
  directives: { live: [], atStart: [], problems: [] },
  permitted: false,
  heldMs: 0,
  stopping: false,
  stoppingMs: 0,
  disowned: false,
  told: false,
  fencingMs: 0,
  released: false,
} as const;

/** What the agent of a node sees of it, with everything else as others see it. */
export function ownView(seen: DatabaseView, name: string, rest: Partial<OwnView> = {}): OwnView {
  const node = seen.nodes.find((candidate) => candidate.name === name)!;
  return {
    name,
    shard: node.shard,
    server: node.server,
    disk: node.agent?.disk ?? { hasData: true },
    ...calm,
    start: 'this start',
    database: seen,
    ...rest,
  };
}

/** Three shards with a replica each that have nothing to wish for. */
export const sound: Readonly<Record<string, Sketch>> = {
  's0-0': { slots: [[0, 5460]], epoch: 1 },
  's0-1': { follows: 's0-0' },
  's1-0': { slots: [[5461, 10921]], epoch: 2 },
  's1-1': { follows: 's1-0' },
  's2-0': { slots: [[10922, 16383]], epoch: 3 },
  's2-1': { follows: 's2-0' },
};

/** Six nodes that have just been started for the first time. */
export const fresh: Readonly<Record<string, Sketch>> = Object.fromEntries(
  Object.keys(sound).map((name) => [name, { epoch: 0, knows: [], cluster: { ok: false, currentEpoch: 0 } }]),
);
