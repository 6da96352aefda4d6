import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import type { AddressBook } from './edges';
import type { Address, ServerView } from './view';

/** What it takes to find a node whose name does not resolve. */
export interface KnownAddresses {
  readonly book: AddressBook;
  readonly config: () => AgentConfig;
  /** The server beside this agent, as last seen. */
  readonly server: () => ServerView | undefined;
}

/**
 * An address book that falls back on the table of the server beside this agent, and then on what it knew itself. When a whole
 * database is deleted its names go first, and the nodes still have to tell each other that they are ending.
 */
export function createKnownAddresses({ book, config, server }: KnownAddresses): AddressBook {
  const last = new Map<string, Address>();
  return {
    async locate(node) {
      const address = (await book.locate(node)) ?? fromTable(node, server(), config()) ?? last.get(keyOf(node));
      if (address) last.set(keyOf(node), address);
      return address;
    },
  };
}

/** A node with a Service has two names. */
const keyOf = ({ name, host }: NodeConfig): string => `${name} ${host}`;

function fromTable({ host }: NodeConfig, server: ServerView | undefined, { ports }: AgentConfig): Address | undefined {
  const table = server?.state === 'up' ? server.cluster?.table : undefined;
  const entry = table?.find(({ hostname, ip, handshake }) => hostname === host && ip !== '' && !handshake);
  return entry && { ip: entry.ip, client: entry.client, bus: entry.bus, agent: ports.agent };
}
