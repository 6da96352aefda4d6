import { join } from 'node:path';

/**
 * Where everything stands below the root folder of a local database. Each node has a folder of its own name, below which
 * the contract's paths stand.
 */
export const layout = {
  home: (root: string, node: string) => join(root, node),
  /** What a node's processes write to their standard output. */
  log: (root: string, node: string, container: string) => join(root, node, 'log', `${container}.log`),
  /** Stands in for a name server: one file a node that is there. */
  addresses: (root: string) => join(root, 'addresses'),
  address: (root: string, node: string) => join(root, 'addresses', `${node}.json`),
  /** Stands in for the Kubernetes API. */
  platform: (root: string, database: string) => join(root, 'platform', database),
  status: (root: string, database: string) => join(root, 'platform', database, 'status.json'),
  /** Stands in for Secrets that the manifests only refer to. */
  secret: (root: string, name: string) => join(root, 'secrets', name),
  /** Holds the server under its usual name, first on the servers' PATH. */
  bin: (root: string) => join(root, 'bin'),
} as const;
