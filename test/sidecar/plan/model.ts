import type { AgentConfig } from '../../../lib/contract/agent-config';
import { newestSchema } from '../../../lib/contract/render-agent-config';
import type { Action } from '../../../sidecar/action';
import type { NodeConfig } from '../../../lib/contract/agent-config';
import { createDatabaseObserver, type DatabaseObserver } from '../../../sidecar/observe';
import { replicationUserOf } from '../../../sidecar/replication-user';
import { mergeSlots } from '../../../sidecar/slots';
import type { Address, ServerView, SlotRange } from '../../../sidecar/view';
import { createNetwork, type Host, type Place } from '../../simulation/network';
import { agentPort, busPort, clientPort } from '../../simulation/ports';
import { createRandom } from '../../simulation/random';
import { command, look, type Command } from '../../simulation/server/look';
import { startServer, stopServer, type Ground, type Server } from '../../simulation/server/server';
import { createStore, type Store } from '../../simulation/server/store';
import { createTimeline } from '../../simulation/timeline';

/** Shape of a database under test. */
export interface Shape {
  readonly shards: number;
  readonly replicas: number;
  readonly seed: number;
}

/** One node: a place, a volume, and the server that runs there. */
export interface ModelNode {
  readonly config: NodeConfig;
  readonly shard: string;
  readonly host: Host;
  place: Place<Server>;
  store: Store;
  server: Server;
  /** Its agent answers. */
  vouched: boolean;
  /** A server of somebody else is at its address. */
  impostor: boolean;
}

/** Servers on a bus, and nobody who looks after them but a planner. */
export interface Model {
  readonly config: AgentConfig;
  readonly nodes: readonly ModelNode[];
  readonly ground: Ground;
  readonly observer: DatabaseObserver;
  readonly advance: (ms: number) => void;
}

/** As many fresh servers as the shape asks for, each on a machine of its own. */
export function createModel({ shards, replicas, seed }: Shape): Model {
  const config = createConfig(shards, replicas);
  const timeline = createTimeline();
  const random = createRandom(seed);
  const network = createNetwork<Server>(timeline, random);
  const { nodeTimeoutMs } = config;
  const ground: Ground = {
    timeline,
    network,
    random,
    nodeTimeoutMs,
    servers: new Set(),
    slotOf: () => 0,
    deletesStrays: true,
    onDropped: () => undefined,
  };
  const nodes = config.shards.flatMap((shard) =>
    shard.nodes.map((node) => createNode(ground, shard.name, node, replicationUserOf(node.name, config))),
  );
  return { config, nodes, ground, observer: createObserver(config, nodes, ground), advance: timeline.advance };
}

let lastIp = 0;

/** An address nobody had before. */
export const freshIp = (): string => `10.${lastIp >> 16}.${(lastIp >> 8) & 255}.${lastIp++ & 255}`;

function createNode(ground: Ground, shard: string, config: NodeConfig, user: string): ModelNode {
  const host: Host = { name: `host of ${config.name}`, zone: `zone of ${config.name}`, on: true, group: 0 };
  const place: Place<Server> = { ip: freshIp(), host };
  const store = createStore(true);
  ground.network.open(place);
  return {
    config,
    shard,
    host,
    place,
    store,
    server: startServer(ground, place, { hostname: config.host, user }, store),
    vouched: true,
    impostor: false,
  };
}

/** Ends the server and starts it anew, perhaps elsewhere, perhaps with nothing. */
export function restart(
  { ground }: Model,
  node: ModelNode,
  how: { readonly ip?: string; readonly wiped?: boolean },
): void {
  stopServer(ground, node.server, 'ended');
  if (how.wiped) node.store = createStore(true);
  if (how.ip !== undefined) {
    ground.network.close(node.place);
    node.place = { ip: how.ip, host: node.host };
    ground.network.open(node.place);
  }
  node.server = startServer(ground, node.place, { hostname: node.config.host, user: node.server.admits }, node.store);
}

/** Has the server of an action do it. @throws what the server says */
export function apply(model: Model, action: Action): void {
  const order = commandOf(action);
  if (!order) return;
  const names = action.do === 'forget' ? action.nodes : 'node' in action ? [action.node] : [];
  for (const name of names) command(nodeOf(model, name).server, order, model.ground.timeline.now());
}

function commandOf(action: Action): Command | undefined {
  switch (action.do) {
    case 'set-epoch':
      return { do: 'setConfigEpoch', epoch: action.epoch };
    case 'set-node-timeout':
      return { do: 'setNodeTimeout', ms: action.ms };
    case 'assign-slots':
      return { do: 'addSlots', slots: action.slots };
    case 'meet':
      return { do: 'meet', ip: action.at.ip };
    case 'replicate':
      return { do: 'replicate', id: action.primaryId };
    case 'set-replication-user':
      return { do: 'setReplicationUser', user: action.user };
    case 'failover':
      return { do: 'failover', force: action.force };
    case 'promote':
      return { do: 'promote' };
    case 'forget':
      return { do: 'forget', id: action.id };
    case 'wait':
      return undefined;
    case 'move-slots':
    case 'migrate-slots':
    case 'sign-back-in':
    case 'cancel-migrations':
    case 'name-owner':
    case 'close-slots':
    case 'link':
    case 'unlink':
    case 'follow-source':
    case 'note-source':
    case 'lead-alone':
      throw new Error(`a plan for a cluster holds an action that is not its own: ${action.do}`);
    case 'relink':
    case 'refuse-writes':
    case 'permit':
    case 'restore':
    case 'discard':
    case 'tell-ending':
    case 'shut-down':
    case 'release':
    case 'set-accounts':
    case 'set-directives':
    case 'announce':
    case 'set-replicas-to-write':
    case 'set-partition':
    case 'stop-rollout':
    case 'note-template':
    case 'renew-agent':
    case 'adopt-revision':
    case 'replace-pod':
    case 'bring-configuration':
    case 'grow-volume':
    case 'appoint':
    case 'lead':
    case 'follow':
    case 'open':
    case 'close':
    case 'note-copies':
    case 'hand-over':
    case 'ask-failover':
    case 'monitor':
    case 'configure':
    case 'redirect':
    case 'reset':
    case 'label':
      throw new Error(`a plan for servers alone holds something else: ${action.do}`);
  }
}

/** The node of that name. */
export const nodeOf = (model: Model, name: string): ModelNode => model.nodes.find((node) => node.config.name === name)!;

/** Slots that running servers claim as their own. */
export const claimedSlots = ({ nodes }: Model): SlotRange[] =>
  mergeSlots(
    nodes.flatMap(({ server }) =>
      server.alive && server.engine.myself.role === 'primary' ? server.engine.myself.slots : [],
    ),
  );

function createConfig(shards: number, replicas: number): AgentConfig {
  const shardNames = Array.from({ length: shards }, (_, index) => `s${index}`);
  const nodesOf = (shard: string): NodeConfig[] =>
    Array.from({ length: replicas + 1 }, (_, index) => ({ name: `${shard}-${index}`, host: `${shard}-${index}.db` }));
  return {
    schema: newestSchema,
    database: 'db',
    namespace: 'test',
    engine: { name: 'valkey', version: '8.1' },
    topology: 'cluster',
    shards: shardNames.map((name) => ({ name, nodes: nodesOf(name) })),
    ports: { client: clientPort, bus: busPort, agent: agentPort },
    auth: 'off',
    tls: 'off',
    persistence: 'aof',
    nodeTimeoutMs: 2000,
  };
}

/** The production observer over servers that answer at once. */
function createObserver(config: AgentConfig, nodes: readonly ModelNode[], { timeline }: Ground): DatabaseObserver {
  const find = ({ name }: NodeConfig): ModelNode => nodes.find((node) => node.config.name === name)!;
  const refuse = (): never => {
    throw new Error('the observer only looks');
  };
  const commands = {
    setConfigEpoch: refuse,
    setNodeTimeout: refuse,
    addSlots: refuse,
    meet: refuse,
    replicate: refuse,
    setReplicationUser: refuse,
    hasMate: refuse,
    failover: refuse,
    promote: refuse,
    forget: refuse,
    discard: refuse,
    setAccounts: refuse,
    setDirective: refuse,
    announce: refuse,
    modules: refuse,
    link: refuse,
    unlink: refuse,
    refuseWrites: refuse,
    shutDown: refuse,
    roles: {
      follow: refuse,
      lead: refuse,
      setFloor: refuse,
      pauseWrites: refuse,
      resumeWrites: refuse,
      dropClients: refuse,
    },
  };
  return createDatabaseObserver({
    config: () => config,
    clock: { now: timeline.now, sleep: () => new Promise(() => undefined) },
    book: { locate: (node) => Promise.resolve(addressOf(find(node))) },
    servers: {
      of: (node) => ({
        ...commands,
        look: () => Promise.resolve(lookAt(find(node), timeline.now())),
      }),
      onLost: refuse,
      close: refuse,
    },
    peers: { report: (node) => Promise.resolve(reportOf(find(node))) },
  });
}

const addressOf = ({ place }: ModelNode): Address => ({
  ip: place.ip,
  client: clientPort,
  bus: busPort,
  agent: agentPort,
});

function lookAt({ place }: ModelNode, now: number): ServerView {
  return place.server ? look(place.server, now) : { state: 'absent', reason: 'refused' };
}

function reportOf({ config, server, host, vouched }: ModelNode) {
  if (!vouched) return undefined;
  const { id } = server.engine.myself;
  const place = { host: host.name, zone: host.zone };
  return { node: config.name, id, server: 'up' as const, ending: false, disk: { hasData: true }, ...place };
}
