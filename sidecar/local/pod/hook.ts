import { spawn } from 'node:child_process';

import type { Command } from './kept-process';
import type { Watchdog } from './watchdog';

/**
 * Runs a preStop hook to its end. How it ends changes nothing, as with a kubelet: the pod ends anyway.
 *
 * @param timeoutMs after it the hook is killed
 */
export function runHook(
  { command: [file, ...args], env, cwd }: Command,
  watchdog: Watchdog,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const hook = spawn(file ?? '', args, {
      env,
      cwd,
      detached: true,
      stdio: 'ignore',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const { pid } = hook;
    if (pid !== undefined) watchdog.guard(pid);
    hook.once('error', () => resolve());
    hook.once('exit', () => {
      if (pid !== undefined) watchdog.forget(pid);
      resolve();
    });
  });
}
