import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { credentialsOf } from '../../sidecar/local/client';
import type { LocalDatabase } from '../../sidecar/local/supervisor';
import { untilHealthy, withExample } from './example';
import type { Figure } from './figure';

/** How long is measured, after as long as it takes garbage and caches to settle. Milliseconds. */
const measuredMs = 60_000;
const settlingMs = 15_000;

/** What an agent may cost. */
const goals = { rssBytes: 64 * 2 ** 20, coreShare: 0.005 } as const;

const ticksPerSecond = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

/** The agents beside a healthy, idle database of six nodes, over a minute; bare node and the Prometheus exporter of the field beside them. */
export const agentFootprint = (): Promise<readonly Figure[]> =>
  withExample(async (database) => {
    await untilHealthy(database);
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
    // What a machine takes for waking a process alone differs tenfold between machines.
    const ticking = spawn(process.execPath, ['-e', 'setInterval(() => {}, 500)'], { stdio: 'ignore' });
    const exporter = startExporter(database);
    try {
      await delay(settlingMs);
      const agents = database.pods().map(({ name, agent }) => [name, agent.pid()!] as const);
      const others = [
        ['bare node', bare.pid!] as const,
        ['node, 2 ticks/s', ticking.pid!] as const,
        ...(exporter?.pid ? [['redis_exporter', exporter.pid] as const] : []),
      ];
      const measured = await measure([...agents, ...others]);
      for (const { name, rssBytes, coreShare } of measured) {
        console.log(
          `${name.padEnd(18)} ${(rssBytes / 2 ** 20).toFixed(1).padStart(6)} MB  ${(coreShare * 100).toFixed(2).padStart(5)} % of a core`,
        );
      }
      if (!exporter)
        console.log('redis_exporter     is not on the PATH and was not measured (Debian: prometheus-redis-exporter)');
      const ours = measured.slice(0, agents.length);
      return [
        { name: 'agent-rss', ratio: Math.max(...ours.map(({ rssBytes }) => rssBytes)) / goals.rssBytes, goal: 1 },
        { name: 'agent-cpu', ratio: Math.max(...ours.map(({ coreShare }) => coreShare)) / goals.coreShare, goal: 1 },
      ];
    } finally {
      bare.kill('SIGKILL');
      ticking.kill('SIGKILL');
      exporter?.kill('SIGKILL');
    }
  });

function startExporter(database: LocalDatabase): ChildProcess | undefined {
  const program = ['redis_exporter', 'prometheus-redis-exporter'].find(
    (name) => spawnSync(name, ['--version']).error === undefined,
  );
  const [pod] = database.pods();
  if (program === undefined || !pod) return undefined;
  const { password } = credentialsOf(database);
  return spawn(
    program,
    ['--redis.addr', `redis://127.0.0.1:${pod.address.client}`, '--web.listen-address', '127.0.0.1:0'],
    {
      stdio: 'ignore',
      env: { ...process.env, REDIS_PASSWORD: password ?? '' },
    },
  );
}

interface Cost {
  readonly name: string;
  /** The most of three readings. */
  readonly rssBytes: number;
  readonly coreShare: number;
}

async function measure(processes: readonly (readonly [name: string, pid: number])[]): Promise<Cost[]> {
  const before = processes.map(([, pid]) => cpuSeconds(pid));
  const began = performance.now();
  const readings: number[][] = [];
  for (let reading = 0; reading < 3; reading++) {
    await delay(measuredMs / 3);
    readings.push(processes.map(([, pid]) => rssOf(pid)));
  }
  const seconds = (performance.now() - began) / 1000;
  return processes.map(([name, pid], index) => ({
    name,
    rssBytes: Math.max(...readings.map((reading) => reading[index]!)),
    coreShare: (cpuSeconds(pid) - before[index]!) / seconds,
  }));
}

function rssOf(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) * 1024;
}

/** User and system time: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 14 and 15. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
