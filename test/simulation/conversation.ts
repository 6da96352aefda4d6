import { reach, type Host } from './network';
import type { Pod } from './pod';
import type { Server } from './server/server';
import type { World } from './world';

/** The address of whatever is in the same pod. */
export const loopback = '127.0.0.1';

/** Bound of every call. Milliseconds. */
const boundMs = 1000;

/** Nobody took the call: nothing listens, or nothing comes back. */
export class Unanswered extends Error {
  constructor(readonly state: 'absent' | 'unreachable') {
    super(state === 'absent' ? 'connection refused' : 'timed out');
  }
}

/**
 * Calls from a pod to whatever server is at an address.
 *
 * @param lost told when an open connection ends
 */
export function createConversation(world: World, pod: Pod, ip: string, lost: () => void) {
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

  return call;
}
