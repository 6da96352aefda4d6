import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { isAlive } from '../../servers/support/processes';
import { until } from './fixture';

const watchdog = join(__dirname, '../../../sidecar/local/pod/watchdog');

/** Starts a process that guards one group, forgets another, and says their numbers. */
async function guardian(last: string): Promise<{ pid: number; guarded: number; forgotten: number }> {
  const program = `
    const { spawn } = require('node:child_process');
    const { startWatchdog } = require(${JSON.stringify(watchdog)});
    const group = () => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).pid;
    const watchdog = startWatchdog();
    const [guarded, forgotten] = [group(), group()];
    watchdog.guard(guarded);
    watchdog.guard(forgotten);
    watchdog.forget(forgotten);
    ${last}
    console.log(JSON.stringify({ pid: process.pid, guarded, forgotten }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as Awaited<ReturnType<typeof guardian>>;
}

test('what is guarded ends when its guardian is killed with -9, what was forgotten does not', async () => {
  const { pid, guarded, forgotten } = await guardian('');
  process.kill(pid, 'SIGKILL');
  await until('the guarded process is gone', () => !isAlive(guarded));
  expect(isAlive(forgotten)).toBe(true);
  process.kill(forgotten, 'SIGKILL');
});

test('a watchdog that was closed kills nothing', async () => {
  const { pid, guarded, forgotten } = await guardian('watchdog.close();');
  process.kill(pid, 'SIGKILL');
  await until('the guardian is gone', () => !isAlive(pid));
  expect([isAlive(guarded), isAlive(forgotten)]).toEqual([true, true]);
  for (const group of [guarded, forgotten]) process.kill(group, 'SIGKILL');
});
