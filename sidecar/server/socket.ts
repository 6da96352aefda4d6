import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectEncrypted } from 'node:tls';

import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import type { Address } from '../view';
import { encryption } from './connection';

/** Which server, and what is known of how it is spoken to. */
export interface SocketTarget {
  readonly config: AgentConfig;
  /** Folder of the agent's files, see `locate`. */
  readonly home: string;
  readonly node: NodeConfig;
  readonly at: Address;
}

/**
 * A bare connection to a server, nobody signed in. What ends it later is told by `close` alone.
 *
 * @throws Error with why there is none within the bound, in milliseconds
 */
export async function openSocket({ config, home, node, at }: SocketTarget, boundMs: number): Promise<Socket> {
  const { tls } = encryption(config, home, node);
  const place = { host: at.ip, port: at.client };
  const socket = tls ? connectEncrypted({ ...place, ...tls }) : connect(place);
  const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${boundMs / 1000} s`)), boundMs);
  try {
    await once(socket, tls ? 'secureConnect' : 'connect');
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  socket.on('error', () => undefined);
  return socket;
}
