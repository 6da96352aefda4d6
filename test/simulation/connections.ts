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
  return {
    of(node, { ip }) {
      const key = `${node.name} ${ip}`;
      const edge = known.get(key) ?? createConnection(world, pod, ip, whileAlive);
      known.set(key, edge);
      return edge;
    },
    close: () => known.clear(),
  };
}

function createConnection(
  world: World,
  pod: Pod,
  ip: string,
  whileAlive: <T>(work: Promise<T>) => Promise<T>,
): ServerEdge {
  const { tempo } = world;
  const { call, onLost } = createConversation(world, pod, ip);
  const send = (order: Command): Promise<void> => whileAlive(call((server) => command(server, order, tempo.now())));
  return {
    look: () => whileAlive(call((server): ServerView => look(server, tempo.now())).catch(refused)),
    onLost,
    setConfigEpoch: (epoch) => send({ do: 'setConfigEpoch', epoch }),
    setNodeTimeout: (ms) => send({ do: 'setNodeTimeout', ms }),
    addSlots: (slots) => send({ do: 'addSlots', slots }),
    meet: (at) => send({ do: 'meet', ip: at.ip }),
    replicate: (id) => send({ do: 'replicate', id }),
    setReplicationUser: (user) => send({ do: 'setReplicationUser', user }),
    setAccounts: () => Promise.resolve(),
    hasMate: (id) => whileAlive(call((server) => hasMate(server.engine, id))),
    failover: (force) => send({ do: 'failover', force }),
    promote: () => send({ do: 'promote' }),
    forget: (id) => send({ do: 'forget', id }),
    discard: (slots) => send({ do: 'discard', slots }),
  };
}

function refused(error: unknown): ServerView {
  if (!(error instanceof Unanswered)) throw error;
  return { state: error.state, reason: error.message };
}
