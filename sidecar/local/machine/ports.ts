import { createServer, type Server } from 'node:net';

import type { Address } from '../../view';

/** Where every local node answers. */
export const localhost = '127.0.0.1';

/** Everything is below 32768, where the operating system begins to hand out ports to outgoing connections. */
const firstPort = 12_000;
const blockCount = 100;
const blockSize = 100;
/** Half of a block for clients, one less for agents, the last port is the guard. */
const nodesInBlock = blockSize / 2 - 1;

/** What an engine without `cluster-port` adds to the client port: https://valkey.io/topics/cluster-tutorial/ */
const busOffset = 10_000;

/** Gives out ports that no other process on this machine is given. */
export interface Ports {
  /** Ports for one node; none is given twice. */
  take(): Promise<Address>;
  /** Lets others have them. */
  release(): void;
}

/**
 * Ports in blocks of 49 nodes. Between finding a port free and a server's listening there may be minutes, so whoever
 * uses a block listens on its last port all the while: the kernel gives that to one process only, and takes it back when
 * that process ends, however it ends.
 *
 * @param startAt where to begin to look, so that neighbours seldom meet
 */
export function createPorts(startAt = Math.floor(Math.random() * blockCount)): Ports {
  const guards: Server[] = [];
  let candidates: Address[] = [];
  let released = false;

  const nextBlock = async (): Promise<Address[]> => {
    for (let i = 0; i < blockCount; i++) {
      const first = firstPort + ((startAt + i) % blockCount) * blockSize;
      const guard = await listen(first + blockSize - 1);
      if (!guard) continue;
      guards.push(guard);
      return addressesOf(first);
    }
    throw new Error(
      `no free ports: all ${blockCount} blocks from ${firstPort} on are in use; end other local databases`,
    );
  };

  const next = async (): Promise<Address> => {
    for (;;) {
      if (released) throw new Error('no ports after their release');
      if (candidates.length === 0) candidates = await nextBlock();
      const address = candidates.shift()!;
      if (await isFree(address)) return address;
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    take() {
      const turn = last.then(next, next);
      last = turn;
      return turn;
    },
    release() {
      released = true;
      for (const guard of guards) guard.close();
    },
  };
}

const addressesOf = (first: number): Address[] =>
  Array.from({ length: nodesInBlock }, (_, i) => ({
    ip: localhost,
    client: first + i,
    bus: first + i + busOffset,
    agent: first + blockSize / 2 + i,
  }));

async function isFree({ client, bus, agent }: Address): Promise<boolean> {
  for (const port of [client, bus, agent]) {
    const probe = await listen(port);
    if (!probe) return false;
    await new Promise((resolve) => probe.close(resolve));
  }
  return true;
}

/** undefined where another process has the port. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: localhost, exclusive: true }, () => resolve(server.unref()));
  });
}
