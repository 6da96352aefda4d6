import type { Server as ServerEdge, Servers } from '../../sidecar/edges';
import type { ServerView } from '../../sidecar/view';
import { reach, type Host } from './network';
import type { Pod } from './pod';
import { hasMate } from './engine/table';
import { command, look, type Command } from './server/look';
import type { Server } from './server/server';
import type { World } from './world';

/** The address of whatever is in the same pod. */
export const loopback = '127.0.0.1';

/** Bound of every call. Milliseconds. */
const boundMs = 1000;

/** Nobody took the call: nothing listens, or nothing comes back. */
class Unanswered extends Error {
  constructor(readonly state: 'absent' | 'unreachable') {
    super(state === 'absent' ? 'connection refused' : 'timed out');
  }
}

/** One agent's connections to the servers. */
export function createConnections(world: World, pod: Pod, whileAlive: <T>(work: Promise<T>) => Promise<T>): Servers {
  const known = new Map<string, ServerEdge>();
  const listeners: ((node: string) => void)[] = [];
  const lost = (node: string) => listeners.forEach((listener) => listener(node));
  return {
    of(node, { ip }) {
      const key = `${node.name} ${ip}`;
      const edge = known.get(key) ?? createConnection({ world, pod, whileAlive, lost: () => lost(node.name) }, ip);
      known.set(key, edge);
      return edge;
    },
    onLost: (listener) => void listeners.push(listener),
    close: () => known.clear(),
  };
}

/** Who connects. */
interface Caller {
  readonly world: World;
  readonly pod: Pod;
  readonly whileAlive: <T>(work: Promise<T>) => Promise<T>;
  /** Told when an open connection ends. */
  readonly lost: () => void;
}

function createConnection({ world, pod, whileAlive, lost }: Caller, ip: string): ServerEdge {
  const { tempo } = world;
  let linked: Server | undefined;

  const call = async <T>(use: (server: Server) => T): Promise<T> => {
    await tempo.sleep(way());
    const { server, host } = await find();
    watch(server);
    try {
      return use(server);
    } finally {
      await tempo.sleep(way());
      if (!reach(pod.host, host)) await giveUp();
    }
  };
  const way = (): number => (ip === loopback ? 0.05 : world.random.between(0.1, 2));
  const giveUp = async (): Promise<never> => {
    await tempo.sleep(boundMs);
    throw new Unanswered('unreachable');
  };

  async function find(): Promise<{ server: Server; host: Host }> {
    const place = ip === loopback ? pod.place : world.ground.network.at(ip);
    if (!place || !reach(pod.host, place.host)) return giveUp();
    if (!place.server?.alive) throw new Unanswered('absent');
    return { server: place.server, host: place.host };
  }

  /** The connection stays open, so that its end is news. */
  function watch(server: Server): void {
    if (server === linked) return;
    linked = server;
    server.clients.add({ host: pod.host, lost });
  }

  const send = (order: Command): Promise<void> => whileAlive(call((server) => command(server, order, tempo.now())));
  return {
    look: () => whileAlive(call((server): ServerView => look(server, tempo.now())).catch(refused)),
    setConfigEpoch: (epoch) => send({ do: 'setConfigEpoch', epoch }),
    setNodeTimeout: (ms) => send({ do: 'setNodeTimeout', ms }),
    addSlots: (slots) => send({ do: 'addSlots', slots }),
    meet: (at) => send({ do: 'meet', ip: at.ip }),
    replicate: (id) => send({ do: 'replicate', id }),
    setReplicationUser: (user) => send({ do: 'setReplicationUser', user }),
    setAccounts: () => Promise.resolve(),
    setDirective: () => Promise.resolve(),
    hasMate: (id) => whileAlive(call((server) => hasMate(server.engine, id))),
    failover: (force) => send({ do: 'failover', force }),
    promote: () => send({ do: 'promote' }),
    forget: (id) => send({ do: 'forget', id }),
    link: notInCluster,
    unlink: notInCluster,
    refuseWrites: notInCluster,
    shutDown: () => whileAlive(call(pod.shutDown)),
    roles: decidedByTheEngine,
  };
}

const notInCluster = (): Promise<never> => Promise.reject(new Error('nobody asks this of a server of a cluster'));

/** In a cluster the engine decides who is primary. */
const decidedByTheEngine: ServerEdge['roles'] = {
  follow: notInCluster,
  lead: notInCluster,
  setFloor: notInCluster,
  pauseWrites: notInCluster,
  resumeWrites: notInCluster,
  dropClients: notInCluster,
};

function refused(error: unknown): ServerView {
  if (!(error instanceof Unanswered)) throw error;
  return { state: error.state, reason: error.message };
}
