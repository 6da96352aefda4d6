import { spawn } from 'node:child_process';

import type { Command } from './kept-process';
import type { Watchdog } from './watchdog';

/**
 * Runs a preStop hook to its end. How it ends changes nothing, as with a kubelet: the pod ends anyway.
 *
 * @param signal kills it
 */
export function runHook(
  { command: [file, ...args], env, cwd }: Command,
  watchdog: Watchdog,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const hook = spawn(file ?? '', args, { env, cwd, detached: true, stdio: 'ignore' });
    const { pid } = hook;
    // Emitted where there is no such program.
    hook.once('error', () => resolve());
    if (pid === undefined) return;
    watchdog.guard(pid);
    const kill = () => process.kill(-pid, 'SIGKILL');
    signal.addEventListener('abort', kill);
    hook.once('exit', () => {
      signal.removeEventListener('abort', kill);
      watchdog.forget(pid);
      resolve();
    });
  });
}
