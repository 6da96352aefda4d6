import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { engines } from '../../lib/contract/engines';
import { findServer, type LocalServer } from '../../sidecar/local/engines';
import { readManifests, type DatabasePlan } from '../../sidecar/local/manifests';
import { startLocalDatabase, type LocalDatabase } from '../../sidecar/local/supervisor';
import { watchDatabase } from '../../sidecar/local/watch';
import type { DatabaseStatus } from '../../sidecar/health';

const project = resolve(__dirname, '../..');

/**
 * The agent as in the image, one file.
 *
 * @throws Error where it is not built
 */
export function agentBundle(): string {
  const file = join(project, 'build/agent/keyspace.js');
  if (!existsSync(file)) throw new Error('the agent is not built; run: npm run build');
  return file;
}

/** The example's manifests as they are tracked. */
export const examplePlan = (): DatabasePlan =>
  readManifests(readFileSync(join(project, 'dist/orders.k8s.yaml'), 'utf8'));

/** The server under measurement: `KEYSPACE_SERVER`, else what `npm start` would use. */
export const exampleServer = (): Promise<LocalServer> => findServer(examplePlan().config.engine);

/**
 * The engine's own command line client, beside the server or on the PATH.
 *
 * @throws Error where there is none
 */
export function findClient(server: LocalServer): string {
  const name = engines[server.engine.name].cli;
  const beside = join(dirname(server.file), name);
  if (existsSync(beside)) return beside;
  if (spawnSync(name, ['--version']).status === 0) return name;
  throw new Error(
    `"${name}" is neither beside "${server.file}" nor on the PATH; install the engine's tools, or name a server that has them in KEYSPACE_SERVER`,
  );
}

/** Runs the example while `use` does; its folder is gone afterwards. */
export const withExample = <T>(use: (database: LocalDatabase) => Promise<T>): Promise<T> =>
  withDatabase(examplePlan(), use);

/** As {@link withExample}, a database of these manifests. */
export async function withDatabase<T>(plan: DatabasePlan, use: (database: LocalDatabase) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'keyspace-bench-'));
  const database = await startLocalDatabase({
    plan,
    root,
    server: await exampleServer(),
    agentProgram: [agentBundle()],
    place: () => ({ host: '', zone: '' }),
  });
  try {
    return await use(database);
  } finally {
    await database.kill();
    await rm(root, { recursive: true });
  }
}

/** Longest time until the example is healthy. Milliseconds. */
const healthyMs = 60_000;

/**
 * Waits until the agents say that all is well.
 *
 * @throws Error with their reasons where they do not within a minute
 */
export async function untilHealthy(database: LocalDatabase): Promise<DatabaseStatus> {
  const watch = await watchDatabase(database);
  try {
    await watch.follow(AbortSignal.timeout(healthyMs), ({ health }) => health === 'Healthy');
    const status = await watch.look();
    if (status.health === 'Healthy') return status;
    throw new Error(`the database is ${status.health} after a minute: ${status.reasons.join('; ')}`);
  } finally {
    watch.close();
  }
}
