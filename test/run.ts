/**
 * `npm test`: every layer this machine can run, and a plain word about each that it cannot.
 *
 * In CI (`CI` is set) a layer that cannot run is a failure, except those on Kubernetes, which have a command of their own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { findTestEngines } from './servers/support/engines';

interface Layer {
  readonly name: string;
  /** How many files of it run at once: 1 where tests time what a cluster of one machine does, or break what others stand on. */
  readonly workers: number;
  /** Why the layer cannot run here and how to get it; undefined where it can. */
  readonly missing: () => Promise<string | undefined>;
}

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const layers: readonly Layer[] = [
  { name: 'unit', workers: availableParallelism(), missing: nothing },
  { name: 'package', workers: 1, missing: nothing },
  { name: 'simulation', workers: 2, missing: nothing },
  { name: 'servers', workers: 2, missing: whyNoServers },
  { name: 'kubernetes', workers: 1, missing: whyNoKubernetes },
  { name: 'kubernetes-faults', workers: 1, missing: whyNoKubernetes },
];

function nothing(): Promise<undefined> {
  return Promise.resolve(undefined);
}

async function whyNoServers(): Promise<string | undefined> {
  try {
    await findTestEngines();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function whyNoKubernetes(): Promise<string | undefined> {
  const { KUBECONFIG, KEYSPACE_AGENT_IMAGE } = process.env;
  if (KUBECONFIG && KEYSPACE_AGENT_IMAGE) return Promise.resolve(undefined);
  return Promise.resolve(
    'set KUBECONFIG to a cluster of your own (kind or minikube will do) and KEYSPACE_AGENT_IMAGE to an image its nodes have, ' +
      'made with: docker build -f sidecar/Dockerfile -t keyspace:test .',
  );
}

/** How long a layer may take to end once it has reported: what it still holds open then will never be closed. Milliseconds. */
const endingMs = 30_000;

/** Runs one layer with its output as it comes, and reads the numbers from jest's own report. */
async function runLayer({ name, workers }: Layer, folder: string): Promise<Totals> {
  const report = join(folder, `${name}.json`);
  const words = ['--selectProjects', name, '--json', '--outputFile', report, '--testLocationInResults'];
  const child = spawn(process.execPath, [require.resolve('jest/bin/jest'), ...words, '--maxWorkers', `${workers}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const look = setInterval(() => {
    if (!existsSync(report)) return;
    clearInterval(look);
    setTimeout(() => child.kill('SIGKILL'), endingMs).unref();
  }, 1000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(look);
  if (code === null)
    console.log(`${name}: ended by force, for something was left open ${endingMs / 1000} s after the last test`);
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    const failed = (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
    return {
      passed: result.numPassedTests ?? 0,
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: result.numPendingTests ?? 0,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const chosen = layers.filter(({ name }) => (wanted.length > 0 ? wanted.includes(name) : true));
  const folder = mkdtempSync(join(tmpdir(), 'keyspace-test-'));
  const totals: Totals[] = [];
  for (const layer of chosen) {
    const missing = await layer.missing();
    if (missing === undefined) {
      console.log(`\n== ${layer.name}`);
      totals.push(await runLayer(layer, folder));
      continue;
    }
    console.log(`\n== ${layer.name}: left out. ${missing}`);
    const required =
      wanted.includes(layer.name) || (process.env.CI !== undefined && !layer.name.startsWith('kubernetes'));
    if (required) totals.push({ passed: 0, failed: 1, skipped: 0 });
  }
  rmSync(folder, { recursive: true });
  const sum = (key: keyof Totals) => totals.reduce((total, each) => total + each[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') === 0 ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
