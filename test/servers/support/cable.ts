import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What lies between two servers, in the hands of a test. */
export interface Cable {
  readonly port: number;
  /** From now on nothing arrives, and nobody is told: as when a cable is pulled. */
  readonly cut: () => void;
  /** Connections of before the cut are gone; new ones get through. */
  readonly mend: () => void;
  readonly close: () => void;
}

/**
 * Passes on what is sent to a port of this machine.
 *
 * @param target port at the other end, asked for with each connection
 */
export async function layCable(target: () => number): Promise<Cable> {
  const sockets = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    if (!whole) return;
    const far = keep(connect(target(), '127.0.0.1'));
    const pass = (from: Socket, to: Socket) =>
      from
        .on('data', (data) => (whole ? to.write(data) : undefined))
        .on('close', () => (whole ? to.destroy() : undefined));
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dropAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => (whole = false),
    mend() {
      dropAll();
      whole = true;
    },
    close() {
      dropAll();
      server.close();
    },
  };
}
