import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

import { layout } from '../../../sidecar/local/layout';
import type { LocalDatabase } from '../../../sidecar/local/supervisor';
import type { Place } from '../formed';

/** What stands in for the Service `NAME-leader`. */
export interface Leader {
  readonly port: number;
  readonly close: () => void;
}

/**
 * Leads each connection to the node that is labelled primary when it is made, and cuts none afterwards, as a Service does; but what
 * kube-proxy takes to learn of a label is not in it.
 */
export async function startLeader(database: LocalDatabase): Promise<Leader> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const lead = async (client: Socket): Promise<void> => {
    const place = await labelled(database);
    if (!place) {
      client.destroy();
      return;
    }
    const upstream = connect(place.client, place.ip);
    keep(upstream);
    client.setNoDelay().pipe(upstream.setNoDelay()).pipe(client);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
  };
  const server = createServer((client) => {
    keep(client);
    lead(client).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Where the node with the label is; the first of two: the old one takes no writes any more, and whoever gets there comes again. */
async function labelled({ root, plan, pods }: LocalDatabase): Promise<Place | undefined> {
  const folder = join(layout.platform(root, plan.config.database), 'roles');
  const roles = pods().map(async (pod) => ({
    pod,
    role: await readFile(join(folder, pod.name), 'utf8').catch(() => ''),
  }));
  const leaders = (await Promise.all(roles)).filter(({ role }) => role === 'primary');
  return leaders[Math.floor(Math.random() * leaders.length)]?.pod.address;
}
