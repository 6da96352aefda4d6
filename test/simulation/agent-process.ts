import { createAgent, type Agent } from '../../sidecar/agent';
import { createCoordinator } from '../../sidecar/coordinator';
import type { AddressBook, Clock, Log, NodeHome, Peers, Platform } from '../../sidecar/edges';
import type { Address } from '../../sidecar/view';
import { alignShardIds, disownAddress, diskCluster, save } from './engine/table';
import { reach } from './network';
import { createPlatform } from './platform';
import { renewVolume } from './kubelet';
import type { Pod } from './pod';
import { agentPort, busPort, clientPort } from './ports';
import { createConnections } from './connections';
import { loopback } from './conversation';
import { createSlotConnections } from './slot-connections';
import type { World } from './world';

/** A production agent that runs in a simulated pod. */
export interface AgentProcess {
  readonly agent: Agent;
  alive: boolean;
  /** kill -9: whatever it waits for never comes. */
  readonly kill: () => void;
  /** Asks it to end; resolves when it has, or was killed. */
  readonly stop: () => Promise<void>;
}

const addressOf = (ip: string): Address => ({ ip, client: clientPort, bus: busPort, agent: agentPort });

/** Starts the agent of a pod with edges that lead into the world. */
export function startAgent(world: World, pod: Pod): AgentProcess {
  const { random, tempo } = world;
  const ended = new AbortController();
  const office = new AbortController();
  /** The dead wait for ever. */
  const whileAlive = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        if (life.alive) done();
      };
      work.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))),
      );
    });
  const mortal = <Edge extends object>(edge: Edge): Edge => mapMethods(edge, whileAlive);
  // Machines agree on the time, more or less, or not at all.
  const aheadMs = random.pick([0, random.below(20), random.below(60_000)]);
  const clock: Clock = { now: () => tempo.now() + aheadMs, sleep: (ms, signal) => whileAlive(tempo.sleep(ms, signal)) };
  const identity = { node: pod.node.name, ip: pod.place.ip, host: pod.host.name, zone: pod.host.zone };
  const log = createLog(world, pod);
  const platform: Platform = mortal(createPlatform(world.api, () => pod.host, tempo, random));
  const coordinator = createCoordinator({
    ...{ platform, clock, log, holder: identity.node },
    seen: (lease) => agent.saw(lease),
  });
  const agent = createAgent({
    clock,
    log,
    identity,
    platform,
    leading: coordinator.leading,
    onLeading: coordinator.onLeading,
    observed: (pass) => {
      if (pass.cycle === 'database') world.lastPass = { at: tempo.now(), by: identity.node, pass };
      if (pass.cycle === 'slots') world.lastSlotsPass = { at: tempo.now(), by: identity.node, pass };
    },
    config: { current: () => world.config, refresh: () => Promise.resolve() },
    ownAddress: () => Promise.resolve(addressOf(loopback)),
    book: mortal(createBook(world)),
    servers: createConnections(world, pod, whileAlive),
    slotServers: createSlotConnections(world, pod, whileAlive),
    peers: mortal(createPeers(world, pod)),
    home: mortal(createHome(world, pod)),
    onDisturbance: (listener) => void pod.run.watchers.add(listener),
  });
  let died: () => void;
  const death = new Promise<void>((resolve) => (died = resolve));
  const life: AgentProcess = {
    agent,
    alive: true,
    kill() {
      life.alive = false;
      died();
    },
    async stop() {
      ended.abort();
      await Promise.race([death, running.then(() => office.abort()).then(() => term)]);
      life.alive = false;
    },
  };
  const term = coordinator.run(office.signal);
  const running = agent.run(ended.signal);
  return life;
}

/** The same object, with every answer of its methods passed through. */
function mapMethods<Edge extends object>(edge: Edge, through: <T>(work: Promise<T>) => Promise<T>): Edge {
  const entries = Object.entries(edge).map(([name, method]: [string, (...given: unknown[]) => Promise<unknown>]) => {
    return [name, (...given: unknown[]) => through(method(...given))];
  });
  return Object.fromEntries(entries) as Edge;
}

function createLog(world: World, pod: Pod): Log {
  const say = (_facts: object, sentence: string): void => world.note(`${pod.node.name}: ${sentence}`);
  return { debug: () => undefined, info: say, warn: say };
}

/** Names resolve to where the pods were a moment ago. */
function createBook({ names, random, tempo }: World): AddressBook {
  return {
    async locate({ host }) {
      await tempo.sleep(random.between(0.05, 1));
      const ip = names.get(host);
      return ip === undefined ? undefined : addressOf(ip);
    },
  };
}

/** How long an agent waits for another. Milliseconds. */
const peerBoundMs = 1000;

function createPeers(world: World, self: Pod): Peers {
  const { tempo, random } = world;
  const ask = async <T>(name: string, { ip }: Address, answer: (agent: Agent) => T): Promise<T | undefined> => {
    await tempo.sleep(random.between(0.1, 2));
    const place = world.ground.network.at(ip);
    if (!place || !reach(self.host, place.host)) {
      await tempo.sleep(peerBoundMs);
      return undefined;
    }
    const pod = [...world.pods.values()].find((candidate) => candidate.place === place);
    const said = pod?.agent?.alive && pod.node.name === name ? answer(pod.agent.agent) : undefined;
    await tempo.sleep(random.between(0.1, 2));
    return reach(self.host, place.host) ? said : undefined;
  };
  return {
    report: (node, at) => ask(node.name, at, (agent) => agent.report()),
    tell: (node, at, report) => ask(node.name, at, (agent) => agent.heard(report)),
    request: (node, at, request) => ask(node.name, at, (agent) => agent.requested(request)),
  };
}

function createHome(world: World, pod: Pod): NodeHome {
  const { tempo, random } = world;
  const read = async <T>(use: () => T): Promise<T> => {
    await tempo.sleep(random.between(0.02, 0.2));
    return use();
  };
  return {
    disk: () =>
      read(() => {
        const { store, server } = pod;
        const table = server?.alive ? save(server.engine) : store.table;
        return { hasData: store.hasFile, ...(table ? { cluster: diskCluster(table) } : {}) };
      }),
    accounts: () => Promise.resolve({ state: 'current' }),
    writeNodeConfig: () => read(() => undefined),
    updateAccounts: () => Promise.resolve(),
    directives: () => Promise.resolve({ live: [], atStart: [], problems: [] }),
    updateDirectives: () => Promise.resolve(),
    start: () => read(() => pod.run.start),
    writeStartRole: () => Promise.resolve(),
    rememberPrimary: () => Promise.resolve(),
    rememberSource: () => Promise.resolve(),
    rememberOrders: (orders) => read(() => void (pod.run.orders = orders)),
    recallOrders: () => read(() => pod.run.orders),
    permit: (start, anew) =>
      read(() => {
        if (pod.store.drained || anew) renewVolume(world, pod);
        const { store } = pod;
        if (store.table) store.table = disownAddress(alignShardIds(store.table), pod.place.ip);
        pod.run.permits.add(start);
      }),
    stopping: () =>
      read(() => {
        pod.run.askedAt = tempo.now();
        return pod.run.stopping;
      }),
    released: () => read(() => pod.run.stopped),
    release: (drained) =>
      read(() => {
        pod.store.drained ||= drained;
        pod.run.stopped = true;
      }),
  };
}
