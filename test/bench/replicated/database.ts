import { App, Chart, Yaml } from 'cdk8s';

import { Replication, Sentinel } from '../../../lib';
import type { Engine } from '../../../lib/contract/engines';
import { readManifests, type DatabasePlan } from '../../../sidecar/local/manifests';
import type { LocalDatabase } from '../../../sidecar/local/supervisor';
import { exampleServer, untilHealthy, withDatabase } from '../example';

/** The topologies of one primary and its replicas. */
export type Kind = 'replication' | 'sentinel';

const topologies = { replication: Replication, sentinel: Sentinel } as const;

/** A primary and two replicas, with three Sentinels where the topology has them. */
function planOf(kind: Kind, { name: engine, version }: Engine, nodeTimeoutMs: number): DatabasePlan {
  const chart = new Chart(new App(), 'queue', { namespace: 'shop' });
  new topologies[kind](chart, 'queue', {
    engine,
    version,
    auth: { secret: { name: 'queue-auth' } },
    tls: 'off',
    persistence: { size: '1Gi' },
    nodeTimeoutMs,
  });
  return readManifests(Yaml.stringify(...(chart.toJson() as object[])));
}

/** Runs such a database while `use` does. */
export const withReplicated = async <T>(
  kind: Kind,
  nodeTimeoutMs: number,
  use: (database: LocalDatabase) => Promise<T>,
): Promise<T> => withDatabase(planOf(kind, (await exampleServer()).engine, nodeTimeoutMs), use);

/** Waits until all is well. @returns the names of the primary and of its replicas */
export async function untilReplicated(
  database: LocalDatabase,
): Promise<{ readonly primary: string; readonly replicas: readonly string[] }> {
  const { nodes } = await untilHealthy(database);
  const named = (role: string) => nodes.filter((node) => node.role === role).map(({ name }) => name);
  const [primary] = named('primary');
  if (primary === undefined) throw new Error('all is well, and nobody is primary');
  return { primary, replicas: named('replica') };
}
