import { App, Chart, Yaml } from 'cdk8s';

import { Cluster, type ClusterProps } from '../../../lib';
import type { Engine } from '../../../lib/contract/engines';
import { readManifests, type DatabasePlan } from '../../../sidecar/local/manifests';

/** What tests vary. The rest is as small as it can be. */
export interface DatabaseSpec {
  /** @default 'shop' */
  readonly namespace?: string;
  /** @default 3 */
  readonly shards?: number;
  /** @default 1 */
  readonly replicasPerShard?: number;
  /** The whole block, or whether there is a password. @default true */
  readonly auth?: boolean | Exclude<ClusterProps['auth'], 'off'>;
  /** Certificates are made for this machine. @default false */
  readonly tls?: boolean;
  /** @default true */
  readonly persistence?: boolean;
  /** Milliseconds. @default 5000, as for users */
  readonly nodeTimeoutMs?: number;
  /** Of each node: `1Gi`. @default the library's own */
  readonly memory?: string;
  /** Further directives. @default none */
  readonly directives?: ClusterProps['directives'];
  /** @default none */
  readonly backup?: ClusterProps['backup'];
}

/** Name of every database under test. */
const name = 'orders';

/** What the library makes of a spec: the very manifests that a user would apply. */
export function synthesize(engine: Engine, spec: DatabaseSpec): string {
  const chart = new Chart(new App(), name, { namespace: spec.namespace ?? 'shop' });
  new Cluster(chart, name, propsOf(engine, spec));
  return Yaml.stringify(...(chart.toJson() as object[]));
}

/** {@link synthesize}, read as a machine would. */
export const planDatabase = (engine: Engine, spec: DatabaseSpec): DatabasePlan =>
  readManifests(synthesize(engine, spec));

function propsOf({ name: engine, version }: Engine, spec: DatabaseSpec): ClusterProps {
  const { shards = 3, replicasPerShard = 1, auth = true, tls = false, persistence = true } = spec;
  return {
    engine,
    version,
    shards,
    replicasPerShard,
    auth: auth === true ? { secret: { name: `${name}-auth`, key: 'password' } } : auth || 'off',
    tls: tls ? { secret: { name: `${name}-tls` }, clientCertificates: 'required' } : 'off',
    persistence: persistence ? { size: '1Gi' } : 'off',
    ...(spec.nodeTimeoutMs === undefined ? {} : { nodeTimeoutMs: spec.nodeTimeoutMs }),
    ...(spec.memory === undefined ? {} : { resources: { limits: { memory: spec.memory } } }),
    ...(spec.directives ? { directives: spec.directives } : {}),
    ...(spec.backup ? { backup: spec.backup } : {}),
  };
}
