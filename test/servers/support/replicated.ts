import { App, Chart, Yaml } from 'cdk8s';

import { Replication, type ReplicationProps } from '../../../lib';
import type { Engine } from '../../../lib/contract/engines';
import type { LocalServer } from '../../../sidecar/local/engines';
import { startDatabase, type StartOptions, type TestDatabase } from './database';

/** What tests vary. */
export type ReplicatedSpec = Partial<
  Pick<
    ReplicationProps,
    'replicas' | 'primary' | 'replicaPriorities' | 'nodeTimeoutMs' | 'persistence' | 'auth' | 'tls'
  >
>;

/** Name of every database under test. */
export const name = 'queue';

/** Name of its only shard. */
export const shard = 'server';

/** The manifests of a primary and its replicas. */
export function synthesizeReplicated({ name: engine, version }: Engine, spec: ReplicatedSpec): string {
  const chart = new Chart(new App(), name, { namespace: 'shop' });
  new Replication(chart, name, {
    engine,
    version,
    auth: { secret: { name: `${name}-auth` } },
    tls: 'off',
    persistence: { size: '1Gi' },
    ...spec,
  });
  return Yaml.stringify(...(chart.toJson() as object[]));
}

/** Starts a primary and its replicas, and waits until all is well. */
export async function startReplicated(
  server: LocalServer,
  spec: ReplicatedSpec = {},
  more: Pick<StartOptions, 'lifetime' | 'prepare'> = {},
): Promise<TestDatabase> {
  const database = await startDatabase({ server, manifests: synthesizeReplicated(server.engine, spec), ...more });
  await database.untilHealthy();
  return database;
}
