import { App, Chart, Yaml } from 'cdk8s';

import { Replication, Standalone, type ReplicaOfProps } from '../../../lib';
import type { SourceStatus } from '../../../sidecar/health-source';
import type { LocalServer } from '../../../sidecar/local/engines';
import { readManifests } from '../../../sidecar/local/manifests';
import { startDatabase, type TestDatabase } from './database';

/** What tests vary of a database that follows a source. */
export interface FollowerSpec {
  readonly kind: 'Standalone' | 'Replication';
  /** Where the source answers; nowhere where it follows nobody. */
  readonly replicaOf?: ReplicaOfProps | undefined;
  /** What is in the Secret {@link sourceSecret}. @default {@link password} */
  readonly said?: string;
  /** @default false */
  readonly tls?: boolean;
  /** Of kind `Replication`. @default 2 */
  readonly replicas?: number;
}

/** Name of every follower under test, of its Secret for the source, and of its certificates. */
export const name = 'copy';
export const sourceSecret = 'source-auth';

/** Of the follower and of its source. */
export const password = 'one for both';

export const tlsSecret = `${name}-tls`;

/** Short, so that tests need not wait for long. Milliseconds. */
const nodeTimeoutMs = 2500;

/** The manifests of a follower. */
export function synthesizeFollower({ engine }: LocalServer, spec: FollowerSpec): string {
  const { kind, replicaOf, said = password, tls = false, replicas = 2 } = spec;
  const chart = new Chart(new App(), name, { namespace: 'shop' });
  const encryption = { secret: { name: tlsSecret }, clientCertificates: 'optional' } as const;
  const props = {
    engine: engine.name,
    version: engine.version,
    auth: { secret: { name: `${name}-auth` } },
    tls: tls ? encryption : ('off' as const),
    persistence: { size: '1Gi' },
    ...(replicaOf ? { replicaOf } : {}),
  };
  if (kind === 'Standalone') new Standalone(chart, name, props);
  else new Replication(chart, name, { ...props, replicas, nodeTimeoutMs });
  const secrets = Object.entries({ [`${name}-auth`]: password, [sourceSecret]: said }).map(([secret, text]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secret },
    stringData: { password: text },
  }));
  return Yaml.stringify(...(chart.toJson() as object[]), ...secrets);
}

/** As the spec names a source on this machine. */
export const sourceAt = (port: number, rest: Partial<ReplicaOfProps> = {}): ReplicaOfProps => ({
  host: '127.0.0.1',
  port,
  auth: { secret: { name: sourceSecret } },
  tls: 'off',
  ...rest,
});

/** A database that follows, or is to. */
export interface Follower {
  readonly database: TestDatabase;
  /** Another spec for it, as its user would apply it. */
  readonly change: (replicaOf?: ReplicaOfProps) => Promise<void>;
  /** Waits until the status says so of the source. */
  readonly untilSource: (what: string, holds: (source: SourceStatus) => boolean) => Promise<SourceStatus>;
}

/** Starts one; nothing is waited for. */
export async function startFollower(server: LocalServer, spec: FollowerSpec): Promise<Follower> {
  const database = await startDatabase({ server, manifests: synthesizeFollower(server, spec) });
  return {
    database,
    async change(replicaOf) {
      await database.local.apply(readManifests(synthesizeFollower(server, { ...spec, replicaOf })), 0);
    },
    async untilSource(what, holds) {
      const { source } = await database.until(what, (status) => status.source !== undefined && holds(status.source));
      return source!;
    },
  };
}
