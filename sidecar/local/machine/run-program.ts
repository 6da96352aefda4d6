import { spawn } from 'node:child_process';

import { errorCode } from './error-code';

/** How a program went. */
export interface Outcome {
  readonly succeeded: boolean;
  /** All it wrote; where it could not be run at all, why. */
  readonly output: string;
}

/** How far a program may go. */
export interface Bounds {
  /** After it the program is killed. */
  readonly timeoutMs: number;
  /** Kills the program too. */
  readonly signal?: AbortSignal;
  readonly cwd?: string;
}

/** Runs a program to its end. Never rejects. */
export function runProgram(file: string, args: readonly string[], bounds: Bounds): Promise<Outcome> {
  const { timeoutMs, signal, cwd } = bounds;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      signal,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const add = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.once('error', (error) => {
      const reason = errorCode(error) === 'ENOENT' ? `there is no program "${file}"` : error.message;
      resolve({ succeeded: false, output: reason });
    });
    child.once('close', (code, killedBy) => {
      const late = killedBy === 'SIGKILL' ? `\n${file} took longer than ${timeoutMs / 1000} s` : '';
      resolve({ succeeded: code === 0, output: `${output.trim()}${late}` });
    });
  });
}
