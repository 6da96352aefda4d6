import { createAgent, type Agent } from '../../../sidecar/agent';
import type { Edges } from '../../../sidecar/agent';
import type { NodeConfig } from '../../../lib/contract/agent-config';
import type { Server } from '../../../sidecar/edges';
import type { Address, ServerView } from '../../../sidecar/view';
import { reach } from '../network';
import { createPlatform } from '../platform';
import { becomePrimary, becomeReplica, lookAtModel, type ModelServer } from './server';
import { createModelGate } from './source';
import { addressOf, killServer, nodeAt, permitModelServer, type ModelPod, type ModelWorld } from './world';

/** A production agent in a pod. */
export interface ModelAgent {
  readonly agent: Agent;
  readonly kill: () => void;
}

/** Bound of every call to a server or an agent. Milliseconds. */
const boundMs = 1000;

/** Starts the agent of a pod. */
export function startModelAgent(world: ModelWorld, pod: ModelPod): void {
  const { random, tempo } = world;
  let alive = true;
  const whileAlive = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      work.then(
        (value) => (alive ? resolve(value) : undefined),
        (error: unknown) => (alive ? reject(error as Error) : undefined),
      );
    });
  const mortal = <Edge extends object>(edge: Edge): Edge =>
    Object.fromEntries(
      Object.entries(edge).map(([name, method]: [string, (...given: unknown[]) => Promise<unknown>]) => [
        name,
        (...given: unknown[]) => whileAlive(method(...given)),
      ]),
    ) as Edge;
  const say = (_facts: object, sentence: string): void => world.note(`${pod.name}: ${sentence}`);
  const book = { locate: ({ name }: NodeConfig) => Promise.resolve(at(name)) };
  pod.lost.clear();
  pod.watchers.clear();
  // Machines agree on the time, more or less, or not at all.
  const aheadMs = random.pick([0, random.below(20), random.below(60_000)]);
  const edges: Edges = {
    clock: { now: () => tempo.now() + aheadMs, sleep: (ms, signal) => whileAlive(tempo.sleep(ms, signal)) },
    log: { debug: () => undefined, info: say, warn: say },
    identity: { node: pod.name, ip: addressOf(pod.name), host: pod.name, zone: '' },
    platform: mortal(createPlatform(world.api, () => pod.host, tempo, random)),
    leading: () => false,
    onLeading: () => undefined,
    config: { current: () => pod.config, refresh: () => Promise.resolve() },
    gate: createModelGate(world, pod),
    ownAddress: () => Promise.resolve(at(pod.name)),
    book,
    servers: {
      of: ({ name }) => createServer(world, pod, name, whileAlive),
      onLost: (listener) => void pod.lost.add(() => listener(pod.name)),
      close: () => undefined,
    },
    slotServers: { of: noSlots, close: () => undefined },
    peers: mortal({
      report: ({ name }: NodeConfig) => ask(world, pod, name, (agent) => agent.report()),
      tell: async ({ name }: NodeConfig, _at: Address, report: ReturnType<Agent['report']>) => {
        await ask(world, pod, name, (agent) => agent.heard(report));
      },
      request: () => Promise.resolve(),
    }),
    home: createHome(world, pod),
    onDisturbance: (listener) => void pod.watchers.add(listener),
  };
  const agent = createAgent(edges);
  const ended = new AbortController();
  pod.agent = {
    agent,
    kill() {
      alive = false;
      pod.agent = undefined;
      ended.abort();
    },
  };
  void agent.run(ended.signal);
}

const at = (name: string): Address => ({ ip: addressOf(name), client: 6379, bus: 16379, agent: 8379 });

async function ask<T>(
  { pods, tempo, random }: ModelWorld,
  self: ModelPod,
  name: string,
  answer: (agent: Agent) => T,
): Promise<T | undefined> {
  const other = pods.get(name)!;
  await tempo.sleep(random.between(0.1, 2));
  if (!reach(self.host, other.host)) {
    await tempo.sleep(boundMs);
    return undefined;
  }
  const said = other.agent ? answer(other.agent.agent) : undefined;
  await tempo.sleep(random.between(0.1, 2));
  return reach(self.host, other.host) ? said : undefined;
}

function createServer(
  world: ModelWorld,
  self: ModelPod,
  name: string,
  whileAlive: <T>(work: Promise<T>) => Promise<T>,
): Server {
  const { servers, pods, tempo, timeline, random } = world;
  const way = (): number => (name === self.name ? 0.05 : random.between(0.1, 2));
  const arrive = async (): Promise<ModelServer> => {
    await tempo.sleep(way());
    const server = servers.get(name);
    if (!reach(self.host, pods.get(name)!.host) || server?.hangs === true) {
      await tempo.sleep(boundMs);
      throw new Error('timed out');
    }
    if (!server) throw new Error('refused');
    return server;
  };
  /** An answer can be lost after the order was obeyed. */
  const order = (obey: (server: ModelServer) => void): Promise<void> =>
    whileAlive(
      (async () => {
        obey(await arrive());
        await tempo.sleep(way());
        if (!reach(self.host, pods.get(name)!.host)) throw new Error('the answer is lost');
      })(),
    );
  const look = async (): Promise<ServerView> => {
    try {
      return lookAtModel(await arrive(), addressOf, timeline.now());
    } catch (error) {
      const { message } = error as Error;
      return { state: message === 'refused' ? 'absent' : 'unreachable', reason: message };
    }
  };
  const foreign = (): never => {
    throw new Error('not of a primary and its replicas');
  };
  return {
    look: () => whileAlive(look()),
    roles: {
      follow: ({ ip }) => order((server) => becomeReplica(server, nodeAt(ip))),
      lead: () => order((server) => becomePrimary(server, random)),
      setFloor: (replicas) => order((server) => (server.floor = replicas)),
      pauseWrites: (ms) => order((server) => (server.pausedUntil = timeline.now() + ms)),
      resumeWrites: () => order((server) => (server.pausedUntil = 0)),
      dropClients: () => order(() => undefined),
    },
    setConfigEpoch: foreign,
    setNodeTimeout: foreign,
    addSlots: foreign,
    meet: foreign,
    replicate: foreign,
    setReplicationUser: foreign,
    setAccounts: foreign,
    hasMate: foreign,
    failover: foreign,
    promote: foreign,
    forget: foreign,
    discard: foreign,
    link: foreign,
    setDirective: foreign,
    announce: foreign,
    modules: foreign,
    unlink: foreign,
    refuseWrites: foreign,
    shutDown: () => order(() => killServer(world, self)),
  };
}

const noSlots = (): never => {
  throw new Error('there are no slots');
};

function createHome(world: ModelWorld, pod: ModelPod): Edges['home'] {
  const now = <T>(use: () => T): Promise<T> => Promise.resolve().then(use);
  return {
    disk: () =>
      now(() => ({
        hasData: world.config.persistence !== 'off' && (pod.stored.hasData || world.servers.has(pod.name)),
        ...(pod.stored.last ? { lastPrimary: pod.stored.last } : {}),
      })),
    accounts: () => Promise.resolve({ state: 'current' }),
    writeNodeConfig: () => Promise.resolve(),
    updateAccounts: () => Promise.resolve(),
    directives: () => Promise.resolve({ live: [], atStart: [], problems: [] }),
    updateDirectives: () => Promise.resolve(),
    start: () => now(() => pod.start),
    permit: (start) => now(() => permitModelServer(world, pod, start)),
    writeStartRole: (role) => now(() => void (pod.role = role)),
    rememberPrimary: (last) => now(() => void (pod.stored = { ...pod.stored, last })),
    rememberSource: () => Promise.resolve(),
    rememberOrders: (orders) => now(() => void (pod.orders = orders)),
    recallOrders: () => now(() => pod.orders),
    stopping: () => now(() => pod.stopping),
    released: () => now(() => pod.released),
    release: () => now(() => void (pod.released = true)),
  };
}
