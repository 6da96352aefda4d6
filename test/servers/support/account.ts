import { parseClusterNodes } from '../../../sidecar/server/cluster-nodes';
import { parseFields } from '../../../sidecar/server/info';
import type { TableEntry } from '../../../sidecar/view';
import type { TestDatabase } from './database';

/** What one server says of the cluster, asked directly and not through an agent. */
export interface Account {
  readonly node: string;
  /** `CLUSTER INFO`. */
  readonly info: ReadonlyMap<string, string>;
  /** `CLUSTER NODES`. */
  readonly table: readonly TableEntry[];
  /** Its own line there. */
  readonly self: TableEntry;
  readonly nodeTimeoutMs: number;
}

/** Asks a node's server. Rejects where it does not answer. */
export async function readAccount({ ask }: Pick<TestDatabase, 'ask'>, node: string): Promise<Account> {
  const [info, nodes, timeout] = await Promise.all([
    ask(node, 'CLUSTER', 'INFO'),
    ask(node, 'CLUSTER', 'NODES'),
    ask(node, 'CONFIG', 'GET', 'cluster-node-timeout'),
  ]);
  const table = parseClusterNodes(String(nodes));
  const self = table.find(({ myself }) => myself);
  if (!self) throw new Error(`${node} does not know itself`);
  // The reply is the directive's name and its value.
  const [, nodeTimeoutMs] = timeout as [string, string];
  return { node, info: parseFields(String(info)), table, self, nodeTimeoutMs: Number(nodeTimeoutMs) };
}
