import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';

import type { NodeConfig } from '../../lib/contract/agent-config';
import type { Certificate } from '../http/certificate';
import type { Outgoing } from '../http/exchange';

/** How to connect to other agents. */
export interface Transport {
  to(node: NodeConfig): Promise<Pick<Outgoing, 'scheme' | 'options'>>;
  /** Closes kept connections. */
  close(): void;
}

/** Connections are kept from one look to the next, and given up before the server does. */
const kept = { keepAlive: true, maxSockets: 4, maxFreeSockets: 1, timeout: 15_000 } as const;

/** HTTP without TLS. */
export function plainTransport(): Transport {
  const agent = new http.Agent(kept);
  return { to: () => Promise.resolve({ scheme: 'http', options: { agent } }), close: () => agent.destroy() };
}

/** HTTPS: both sides show the node's certificate, and the other's must be good for the host name of the node that is meant. */
export function encryptedTransport(certificate: () => Promise<Certificate>): Transport {
  let current: { readonly certificate: Certificate; readonly agent: https.Agent } | undefined;
  return {
    async to({ host }) {
      const newest = await certificate();
      // Connections made with an older certificate end by themselves: nothing is sent over them any more.
      if (current?.certificate !== newest) current = { certificate: newest, agent: new https.Agent(kept) };
      const { agent } = current;
      const servername = isIP(host) ? '' : host;
      const options = { agent, servername, secureContext: newest.context, rejectUnauthorized: true };
      return { scheme: 'https', options };
    },
    close: () => current?.agent.destroy(),
  };
}
