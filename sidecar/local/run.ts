import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { agentProgram } from './agent-program';
import { passwordFileOf } from './client';
import { crashReporter } from './crashes';
import { demonstrate } from './demonstration';
import { createDisplay, type Display } from './display';
import { findServer } from './engines';
import { fetchServer } from './machine/fetch-server';
import { readManifests } from './manifests';
import { startLocalDatabase, type LocalDatabase } from './supervisor';
import { watchDatabase, type Watch } from './watch';

/** What the command line asks for. */
export interface RunOptions {
  /** Manifests of one database. */
  readonly file: string;
  /** Folder that is kept; without one it is a temporary one, gone at the end. */
  readonly keep?: string;
  /** Show what it does, then end. */
  readonly demo?: boolean;
}

/** How a run is told to end. */
export interface Orders {
  /** In good order. */
  readonly stop: AbortSignal;
  /** At once. */
  readonly kill: AbortSignal;
}

/** Six nodes are healthy after some 3 s. */
const healthyBoundMs = 60_000;

/** When every node ends at once no agent waits for another; this is for servers that still save. */
const graceMs = 15_000;

/**
 * Runs the manifests of a database on this machine until it is told to end or the demonstration is over.
 *
 * @throws Error where it cannot be run or does not become healthy; its folder is then left, for the logs
 */
export async function run({ file, keep, demo = false }: RunOptions, orders: Orders): Promise<void> {
  const plan = readManifests(await readFile(file, 'utf8'));
  const { topology } = plan.config;
  if (demo && topology !== 'cluster') throw new Error(`--demo: ${file} has topology "${topology}"; it needs "cluster"`);
  const fetch = (folder: string) => fetchServer(folder, orders.stop);
  const server = await findServer(plan.config.engine, { env: process.env, fetch });
  const root = keep ?? (await mkdtemp(join(tmpdir(), 'keyspace-')));
  const display = await createDisplay(process.stdout);
  try {
    const { name, version } = server.engine;
    display.say(`${file}: ${plan.pods.length} nodes, ${name} ${version} (${server.file}), files in ${root}`);
    const onCrash = crashReporter(root, (sentence) => display.say(sentence));
    const database = await startLocalDatabase({ plan, root, server, agentProgram: agentProgram(), onCrash });
    try {
      await use(database, display, demo, orders.stop);
    } finally {
      await end(database, display, orders);
    }
  } finally {
    display.close();
  }
  if (keep === undefined) await rm(root, { recursive: true, force: true });
}

async function use(database: LocalDatabase, display: Display, demo: boolean, stop: AbortSignal): Promise<void> {
  const watch = await watchDatabase(database);
  try {
    await untilHealthy(watch, display, stop);
    if (stop.aborted) return;
    display.say(describeAccess(database));
    if (demo) {
      await demonstrate({ database, watch, display, signal: stop });
      await untilHealthy(watch, display, stop);
    } else {
      await watch.follow(stop, (status) => {
        display.show(status);
        return false;
      });
    }
  } finally {
    watch.close();
  }
}

async function untilHealthy(watch: Watch, display: Display, stop: AbortSignal): Promise<void> {
  const startedAt = Date.now();
  let last = '';
  await watch.follow(stop, (status) => {
    display.show(status);
    last = [status.health, ...status.reasons].join('; ');
    return status.health === 'Healthy' || Date.now() - startedAt > healthyBoundMs;
  });
  if (stop.aborted) return;
  if (last !== 'Healthy') throw new Error(`not Healthy within ${healthyBoundMs / 1000} s: ${last}`);
  display.say(`Healthy after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

function describeAccess(database: LocalDatabase): string {
  const [pod] = database.pods();
  const redirects = database.plan.config.topology === 'cluster' ? ' -c' : '';
  const passwordFile = passwordFileOf(database);
  const password = passwordFile === undefined ? '' : ` -a "$(cat ${passwordFile})"`;
  return `to look inside: valkey-cli${redirects} -p ${pod?.address.client ?? ''}${password}`;
}

async function end(database: LocalDatabase, display: Display, { stop, kill }: Orders): Promise<void> {
  const startedAt = Date.now();
  if (stop.aborted) display.say('every node is told to end; Ctrl-C again kills them');
  const killed = new Promise<void>((resolve) => kill.addEventListener('abort', () => resolve()));
  await Promise.race([database.stop(graceMs), killed.then(database.kill)]);
  display.say(`every process has ended, after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
