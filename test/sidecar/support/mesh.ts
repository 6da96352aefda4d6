/** Small builders of a mesh as the agent sees it. */
import type { AgentConfig } from '../../../lib/contract/agent-config';
import type {
  Address,
  AgentReport,
  DatabaseView,
  LinkView,
  MeshView,
  NodeView,
  OwnView,
  ServerUp,
} from '../../../sidecar/view';
import { clusterConfig } from './config';

/** A mesh of nodes `s0-0`, `s0-1`, ... */
export const meshConfig = (nodes: number, rest: Partial<AgentConfig> = {}): AgentConfig =>
  clusterConfig(1, nodes - 1, { engine: { name: 'keydb', version: '6.3' }, topology: 'multi-master', ...rest });

/** Where `s0-1` is, and its later addresses. */
export const addressOf = (name: string, generation = 0): Address => ({
  ip: `10.${generation}.0.${Number(name.split('-')[1]) + 1}`,
  client: 6379,
  bus: 16379,
  agent: 8379,
});

/** A link that is up, to a node where it is unless told. */
export const linkTo = (name: string, rest: Partial<LinkView> = {}): LinkView => ({
  host: addressOf(name).ip,
  port: 6379,
  up: true,
  copying: false,
  offset: 100,
  ...rest,
});

/** A server of a mesh that answers. */
export const upInMesh = (links: readonly LinkView[], rest: Partial<ServerUp> = {}): ServerUp => ({
  state: 'up',
  version: '6.3.4',
  role: 'primary',
  loading: false,
  offset: 100,
  linkUp: true,
  linkSilentSeconds: 0,
  connectedReplicas: 0,
  connectedClients: 0,
  usedMemoryBytes: 0,
  maxMemoryBytes: 0,
  links,
  refusesWrites: false,
  rewritesLog: false,
  ...rest,
});

/** What is special about a node; unless told it answers, serves, and is linked to all others. */
export interface MeshSketch {
  readonly links?: readonly LinkView[];
  readonly server?: Partial<ServerUp>;
  readonly down?: 'absent' | 'unreachable';
  readonly agent?: Partial<AgentReport> | 'silent';
  readonly address?: Address | 'none';
  readonly ending?: boolean;
}

/** A node as the others see it. */
export function meshNode(name: string, all: readonly string[], sketch: MeshSketch = {}): NodeView {
  const { links = all.filter((other) => other !== name).map((other) => linkTo(other)), down } = sketch;
  const up = down === undefined;
  const report: AgentReport = {
    node: name,
    server: up ? 'up' : down === 'absent' ? 'held' : 'unknown',
    ending: sketch.ending ?? false,
    serving: up,
    disk: { hasData: true },
    host: '',
    zone: '',
  };
  const { agent = {}, address = addressOf(name) } = sketch;
  return {
    name,
    shard: 's0',
    ...(address === 'none' ? {} : { address }),
    ...(agent === 'silent' ? {} : { agent: { ...report, ...agent } }),
    ending: sketch.ending ?? false,
    server: up ? upInMesh(links, sketch.server) : { state: down, reason: down },
  };
}

/** A mesh as its coordinator sees it: `s0-0` is where writers are sent unless told. */
export function meshView(sketches: readonly MeshSketch[], mesh: Partial<MeshView> = {}): DatabaseView {
  const names = sketches.map((_, index) => `s0-${index}`);
  const roles: MeshView['roles'] = Object.fromEntries(
    names.map((name, index) => [name, index === 0 ? 'primary' : 'replica'] as const),
  );
  return {
    nodes: sketches.map((sketch, index) => meshNode(names[index]!, names, sketch)),
    strangers: {},
    mesh: { roles, silentMs: {}, strayMs: {}, ...mesh },
  };
}

/** A node's own view: `s0-0` of the mesh, which runs and serves unless told. */
export const ownMeshView = (database: DatabaseView, rest: Partial<OwnView> = {}): OwnView => ({
  name: 's0-0',
  shard: 's0',
  server: database.nodes[0]!.server,
  disk: { hasData: true },
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
  joined: true,
  address: addressOf('s0-0'),
  database,
  ...rest,
});
