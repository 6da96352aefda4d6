import { App, Chart, Yaml } from 'cdk8s';

import { Sentinel, type SentinelProps } from '../../../lib';
import type { Engine } from '../../../lib/contract/engines';
import type { LocalServer } from '../../../sidecar/local/engines';
import { startDatabase, type StartOptions, type TestDatabase } from './database';

/** What tests vary. */
export type WatchedSpec = Partial<
  Pick<
    SentinelProps,
    'replicas' | 'primary' | 'replicaPriorities' | 'nodeTimeoutMs' | 'persistence' | 'auth' | 'tls' | 'sentinels'
  >
>;

/** Name of every database under test. */
const name = 'jobs';

/** The manifests of a primary, its replicas and their Sentinels. */
export function synthesizeWatched({ name: engine, version }: Engine, spec: WatchedSpec, namespace = 'shop'): string {
  const chart = new Chart(new App(), name, { namespace });
  new Sentinel(chart, name, {
    engine,
    version,
    auth: { secret: { name: `${name}-auth` } },
    tls: 'off',
    persistence: { size: '1Gi' },
    ...spec,
  });
  return Yaml.stringify(...(chart.toJson() as object[]));
}

/** Starts a primary, its replicas and their Sentinels, and waits until all is well. */
export async function startWatched(
  server: LocalServer,
  spec: WatchedSpec & { readonly namespace?: string } = {},
  more: Pick<StartOptions, 'lifetime'> = {},
): Promise<TestDatabase> {
  const { namespace, ...props } = spec;
  const database = await startDatabase({
    server,
    manifests: synthesizeWatched(server.engine, props, namespace),
    ...more,
  });
  await database.untilHealthy();
  return database;
}
