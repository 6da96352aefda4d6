import type { NodeConfig } from '../../lib/contract/agent-config';
import type { Address } from '../view';

/** Servers by node. */
export interface KeptServers<Server> {
  /** The same each time for the same node at the same address. */
  of(node: NodeConfig, at: Address): Server;
  close(): void;
}

/** Keeps one server a node; a node that has moved gets a new one. */
export function keepServers<Server extends { close(): void }>(
  make: (node: NodeConfig, at: Address) => Server,
): KeptServers<Server> {
  const known = new Map<string, { readonly place: string; readonly server: Server }>();
  return {
    of(node, at) {
      const place = `${at.ip} ${at.client}`;
      const last = known.get(node.name);
      if (last?.place === place) return last.server;
      last?.server.close();
      const server = make(node, at);
      known.set(node.name, { place, server });
      return server;
    },
    close() {
      for (const { server } of known.values()) server.close();
      known.clear();
    },
  };
}
