import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { PeerRequest } from '../../../sidecar/edges';
import { route } from '../../../sidecar/http/routes';
import { serve, type HttpServer, type ServerOptions } from '../../../sidecar/http/server';
import { createPeers, type PeersOptions } from '../../../sidecar/peer/client';
import { createGuard, type GuardOptions } from '../../../sidecar/peer/guard';
import { deriveKey, type Key } from '../../../sidecar/peer/key';
import { peerRoutes } from '../../../sidecar/peer/routes';
import type { Address, AgentReport } from '../../../sidecar/view';
import { createMemoryLog } from './log';

/** The node whose agent is asked. */
export const node = { name: 'orders-0-0', host: 'orders-0-0.orders-headless.shop.svc' };

/** Every field there is. */
export const report: Required<AgentReport> = {
  node: node.name,
  id: 'a'.repeat(40),
  server: 'up',
  leftovers: [7],
  ending: false,
  shards: 3,
  fenced: 'the spec says so',
  paused: 'the spec says so',
  serving: true,
  problem: 'line 3 of the users file is none',
  warnings: ['its Service has no address'],
  missingModules: ['/modules/search.so'],
  atStart: ['io-threads'],
  disk: {
    hasData: true,
    cluster: {
      id: 'a'.repeat(40),
      role: 'replica',
      primaryId: 'b'.repeat(40),
      configEpoch: 3,
      slots: [
        [0, 5460],
        [6000, 6000],
      ],
      openSlots: ['6001<-' + 'c'.repeat(40)],
    },
    lastPrimary: { epoch: 3, primary: node.name, source: 'old.example:6379' },
    source: 'old.example:6379',
    hasFiles: true,
    restore: { backup: 'before', done: false },
  },
  host: 'node1',
  zone: 'a',
  record: { epoch: 3, primary: node.name, before: '', vacated: true, inSync: [], history: 'c'.repeat(40) },
  primarySilentMs: 0,
  source: {
    name: 'old.example:6379',
    port: 40000,
    reason: 'refused',
    offset: 7,
    history: 'd'.repeat(40),
    parting: 'asked',
  },
  restoring: { asked: 'latest', backup: 'before', bytes: 7, ofBytes: 70, problem: 'no room' },
  moving: {
    left: { slots: 1, keys: 7, bytes: 70 },
    moved: { slots: 2, keys: 3, bytes: 30 },
    slotsPerSecond: 1,
    bytesPerSecond: 10,
    secondsLeft: 1,
  },
};

/** The key of both unless told otherwise. */
export const key = deriveKey({ namespace: 'shop', database: 'orders' }, 'secret');

/** A source of keys. */
export const keysOf =
  (...keys: Key[]) =>
  () =>
    Promise.resolve(keys);

/** What is different from usual. */
export interface MeetOptions {
  readonly guard?: Partial<GuardOptions>;
  readonly client?: Partial<PeersOptions>;
  readonly answer?: AgentReport;
  readonly certificate?: ServerOptions['certificate'];
}

/** An agent that is asked, and one that asks, over real connections. */
export function createPeerWorld() {
  const heard: AgentReport[] = [];
  const requests: PeerRequest[] = [];
  const log = createMemoryLog();
  let peers: ReturnType<typeof createPeers> | undefined;
  let server: HttpServer | undefined;
  let fake: Server | undefined;
  const at = (port: number): Address => ({ ip: '127.0.0.1', client: 1, bus: 2, agent: port });
  const ask = (options: Partial<PeersOptions> = {}) => {
    peers?.close();
    peers = createPeers({ keys: keysOf(key), log, ...options });
  };

  return {
    heard,
    requests,
    log,
    /** @returns where the agent that is asked is */
    async meet({ guard, client, answer = report, certificate }: MeetOptions = {}): Promise<Address> {
      const quiet = createMemoryLog();
      const routes = peerRoutes({
        guard: createGuard({ node: node.name, keys: keysOf(key), certifiedOnly: false, ...guard }),
        report: () => answer,
        heard: (pushed) => void heard.push(pushed),
        requested: (request) => void requests.push(request),
        log: quiet,
      });
      server = await serve({ port: 0, handler: route(routes), log: quiet, ...(certificate ? { certificate } : {}) });
      ask(client);
      return at(server.port);
    },
    /** Something else where the agent should be. */
    async impersonate(listener: RequestListener): Promise<Address> {
      fake = createServer(listener);
      await new Promise<void>((resolve) => fake!.listen(0, '127.0.0.1', resolve));
      ask();
      return at((fake.address() as AddressInfo).port);
    },
    report: (address: Address) => peers!.report(node, address),
    request: (address: Address, request: PeerRequest) => peers!.request(node, address, request),
    tell: (address: Address, pushed: AgentReport) => peers!.tell(node, address, pushed),
    /** The agent that is asked is gone. */
    end: async () => server?.close(),
    async close() {
      peers?.close();
      await server?.close();
      fake?.close();
      fake?.closeAllConnections();
    },
  };
}
