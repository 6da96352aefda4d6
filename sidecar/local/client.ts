import { readFileSync } from 'node:fs';

import { Cluster, type RedisOptions } from 'ioredis';

import { paths, tlsFiles } from '../../lib/contract/names';
import { locate } from '../home/paths';
import { layout } from './layout';
import type { LocalDatabase } from './supervisor';

/** Short, because everything is on one machine and a demonstration or a test measures how soon a command succeeds again. */
const retryMs = 20;

/** Long enough for a busy machine, short enough to notice a server that hangs. */
const connectTimeoutMs = 2_000;

/** File with the database's password, which is that of the user `default`; undefined where nobody is asked for one. */
export function passwordFileOf({ plan, root }: LocalDatabase): string | undefined {
  const { auth } = plan.config;
  const [pod] = plan.pods;
  return auth === 'off' || !pod ? undefined : locate(layout.home(root, pod.name), auth.agent.passwordFile);
}

/** What it takes to be let in: user, password, certificates. */
export function credentialsOf(database: LocalDatabase): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  const { plan, root } = database;
  const { auth, tls } = plan.config;
  const file = passwordFileOf(database);
  const home = layout.home(root, plan.pods[0]?.name ?? '');
  const certificate = (name: string) => readFileSync(locate(home, `${paths.tls}/${name}`));
  return {
    ...(auth === 'off' || file === undefined ? {} : { username: 'default', password: readFileSync(file, 'utf8') }),
    ...(tls === 'off'
      ? {}
      : {
          tls: {
            ca: certificate(tlsFiles.authority),
            cert: certificate(tlsFiles.certificate),
            key: certificate(tlsFiles.key),
          },
        }),
  };
}

/** A client as an application would have one, for a database in topology `cluster`. The caller disconnects it. */
export function connectCluster(database: LocalDatabase): Cluster {
  const seeds = database.pods().map(({ address }) => ({ host: address.ip, port: address.client }));
  const cluster = new Cluster(seeds, {
    clusterRetryStrategy: () => retryMs,
    retryDelayOnFailover: retryMs,
    retryDelayOnClusterDown: retryMs,
    retryDelayOnTryAgain: retryMs,
    redisOptions: { ...credentialsOf(database), connectTimeout: connectTimeoutMs },
  });
  // Emitted on each failed connection; the command that needs one says so itself.
  cluster.on('error', () => undefined);
  return cluster;
}
