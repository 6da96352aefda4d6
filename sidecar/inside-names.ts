import type { AgentConfig, NodeConfig } from '../lib/contract/agent-config';
import { nodesOf } from './own-node';
import { remember } from './remember';
import type { NodeView, TableEntry } from './view';

/** Host names of nodes inside the Kubernetes cluster. */
const insideHosts = remember(
  (config: AgentConfig): ReadonlySet<string> => new Set(nodesOf(config).map(({ host }) => host)),
);

/**
 * Whether a host name is one of those under which clients outside are sent to a node. Names inside say of which node and database they
 * are; of these, only the node's own agent does.
 */
export function isOutsideName(hostname: string, config: AgentConfig): boolean {
  if (config.externalAccess === undefined || hostname === '' || hostname.includes('.svc.')) return false;
  return !insideHosts(config).has(hostname);
}

/**
 * Tables in which every node has the name and the port that it has inside, as far as it is known which node that is; else no name, as of
 * an engine that announces none.
 */
export function nameInside(nodes: readonly NodeView[], config: AgentConfig): readonly NodeView[] {
  if (config.externalAccess === undefined) return nodes;
  const hosts = hostsById(nodes, nodesOf(config));
  // What many say of a node is one object, and stays one.
  const inside = remember((entry: TableEntry): TableEntry =>
    isOutsideName(entry.hostname, config)
      ? { ...entry, hostname: hosts.get(entry.id) ?? '', client: config.ports.client }
      : entry,
  );
  return nodes.map((node) => {
    if (node.server.state !== 'up' || !node.server.cluster) return node;
    const { cluster } = node.server;
    return { ...node, server: { ...node.server, cluster: { ...cluster, table: cluster.table.map(inside) } } };
  });
}

function hostsById(nodes: readonly NodeView[], configured: readonly NodeConfig[]): ReadonlyMap<string, string> {
  const hosts = new Map(configured.map(({ name, host }) => [name, host]));
  return new Map(
    nodes.flatMap(({ name, server, agent }) => {
      const id = server.state === 'up' ? server.cluster?.id : agent?.id;
      const host = hosts.get(name);
      return id === undefined || host === undefined ? [] : [[id, host] as const];
    }),
  );
}
