import type { Server as ServerEdge, Servers } from '../../sidecar/edges';
import type { ServerView } from '../../sidecar/view';
import { createConversation, Unanswered } from './conversation';
import type { Pod } from './pod';
import { hasMate } from './engine/table';
import { command, look, type Command } from './server/look';
import type { World } from './world';

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
  const call = createConversation(world, pod, ip, lost);
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
    announce: () => Promise.resolve(),
    modules: () => Promise.resolve([]),
    hasMate: (id) => whileAlive(call((server) => hasMate(server.engine, id))),
    failover: (force) => send({ do: 'failover', force }),
    promote: () => send({ do: 'promote' }),
    forget: (id) => send({ do: 'forget', id }),
    discard: (slots) => send({ do: 'discard', slots }),
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
