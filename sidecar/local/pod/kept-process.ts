import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

import { errorCode } from '../machine/error-code';
import type { Watchdog } from './watchdog';

/** What to run. */
export interface Command {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What the process writes is appended to this file. */
  readonly logFile: string;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that is started again when it ends, as a kubelet does with a container. */
export interface KeptProcess {
  /** undefined while nothing runs. */
  pid(): number | undefined;
  /** kill -9 of the process and its children; resolves when it is gone. It is started again. */
  kill(): Promise<void>;
  /** SIGSTOP of the process and its children. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGTERM, and kill -9 when it has not ended in time; with no time at once. It is not started again. */
  stop(graceMs: number): Promise<void>;
}

/** What a shell says of a program that it cannot run. */
const cannotRun = 127;

/** As a kubelet's, shorter: a failure that lasts must not take the machine. */
const backOff = { firstMs: 50, longestMs: 2_000, forgottenAfterMs: 5_000 } as const;

/** Starts a process and keeps it running, each start in a process group of its own. */
export function keepRunning(command: Command, watchdog: Watchdog, onEnd: (ending: Ending) => void): KeptProcess {
  let running: Running | undefined;
  let timer: NodeJS.Timeout | undefined;
  let wanted = true;
  let pauseMs: number = backOff.firstMs;

  const ended = (ending: Ending, ranMs: number): void => {
    running = undefined;
    onEnd(ending);
    if (!wanted) return;
    if (ranMs > backOff.forgottenAfterMs) pauseMs = backOff.firstMs;
    timer = setTimeout(start, pauseMs);
    pauseMs = Math.min(2 * pauseMs, backOff.longestMs);
  };
  const start = (): void => {
    const startedAt = Date.now();
    running = launch(command, (group, ending) => {
      watchdog.forget(group);
      ended(ending, Date.now() - startedAt);
    });
    if (running) watchdog.guard(running.group);
    else ended({ code: cannotRun, signal: null }, 0);
  };
  start();

  const toGroup = (signal: NodeJS.Signals) => running && send(-running.group, signal);
  return {
    pid: () => running?.group,
    async kill() {
      toGroup('SIGKILL');
      await running?.gone;
    },
    pause: () => toGroup('SIGSTOP'),
    resume: () => toGroup('SIGCONT'),
    async stop(graceMs) {
      wanted = false;
      clearTimeout(timer);
      if (!running) return;
      if (graceMs <= 0) return this.kill();
      send(running.group, 'SIGTERM');
      // A process that is paused would not see it.
      toGroup('SIGCONT');
      const patience = setTimeout(() => toGroup('SIGKILL'), graceMs);
      await running.gone;
      clearTimeout(patience);
    },
  };
}

interface Running {
  /** Process id of the first process, and number of its group. */
  readonly group: number;
  readonly gone: Promise<void>;
}

/** undefined where there is no such program, or it is not executable. */
function launch(
  { command: [file, ...args], env, cwd, logFile }: Command,
  onEnd: (group: number, ending: Ending) => void,
): Running | undefined {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(file ?? '', args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  // Emitted where nothing could be started, which the missing process id says too.
  child.on('error', () => undefined);
  const group = child.pid;
  if (group === undefined) return undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      // What a container's first process leaves behind ends with it.
      send(-group, 'SIGKILL');
      onEnd(group, { code, signal });
      resolve();
    });
  });
  return { group, gone };
}

/** What has ended already needs no signal. */
function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // macOS says EPERM of a group in which every process has ended.
    if (!['ESRCH', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
  }
}
