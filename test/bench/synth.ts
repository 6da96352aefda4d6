import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { median, type Figure } from './figure';

const project = resolve(__dirname, '../..');
const ours = join(project, 'build/charts/main.js');

/** Odd, so that there is a middle one. */
const rounds = 9;
const fewRounds = 3;

const mostSeconds = 5;

/** What anybody's cdk8s app does: a chart with one object of Kubernetes. */
const bareApp = `
const { ApiObject, App, Chart } = require(${JSON.stringify(join(project, 'node_modules/cdk8s'))});
const app = new App();
const chart = new Chart(app, 'orders', { namespace: 'shop' });
new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'orders' }, data: { key: 'value' } });
app.synth();
`;

/** One database against a bare cdk8s app, and a thousand in one run: processes from start to end, in turns. */
export function synthesis(): Promise<readonly Figure[]> {
  if (!existsSync(ours)) throw new Error('the package is not built; run: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    const bare = join(folder, 'bare.js');
    writeFileSync(bare, bareApp);
    const [one, hundred, thousand] = [1, 100, 1000].map((count) => writeSpecs(folder, count)) as [Run, Run, Run];
    const [bareSeconds, oneSeconds] = inTurns(rounds, [() => seconds(folder, [bare], 1), one]);
    const [hundredSeconds, thousandSeconds] = inTurns(fewRounds, [hundred, thousand]);
    const lines = [
      ['bare cdk8s app', bareSeconds],
      ['1 database', oneSeconds],
      ['100 databases', hundredSeconds],
      ['1000 databases', thousandSeconds],
    ] as const;
    for (const [what, took] of lines) console.log(`${what.padEnd(16)} ${took!.toFixed(2).padStart(6)} s`);
    const costAmong = (took: number, count: number) => (took - oneSeconds!) / (count - 1);
    return Promise.resolve([
      { name: 'synth-one', ratio: oneSeconds! / bareSeconds!, goal: 1.3 },
      { name: 'synth-thousand', ratio: thousandSeconds! / mostSeconds, goal: 1 },
      { name: 'synth-linear', ratio: costAmong(thousandSeconds!, 1000) / costAmong(hundredSeconds!, 100), goal: 1.2 },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns seconds it took */
type Run = () => number;

/** So many documents of the example, a file and a name each. */
function writeSpecs(folder: string, count: number): Run {
  const specs = join(folder, `specs-${count}`);
  mkdirSync(specs);
  const text = readFileSync(join(project, 'examples/orders.yaml'), 'utf8');
  const files = Array.from({ length: count }, (_, index) => join(specs, `${index}.yaml`));
  files.forEach((file, index) => writeFileSync(file, text.replaceAll('orders', `orders-${index}`)));
  return () => seconds(folder, [ours, ...files], count);
}

function seconds(folder: string, args: readonly string[], expected: number): number {
  const output = join(folder, 'dist');
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: output },
  });
  const took = (performance.now() - began) / 1000;
  const files = status === 0 ? readdirSync(output) : [];
  const written = files.filter((name) => readFileSync(join(output, name), 'utf8').includes('kind: ConfigMap')).length;
  if (written !== expected) throw new Error(`${args[0]!} wrote ${written} of ${expected} files: ${stderr}`);
  rmSync(output, { recursive: true });
  return took;
}

/** A machine that is busy for a while is busy for all of them. */
function inTurns(times: number, runs: readonly Run[]): number[] {
  const measured = Array.from({ length: times }, () => runs.map((run) => run()));
  return runs.map((_, index) => median(measured.map((round) => round[index]!)));
}
