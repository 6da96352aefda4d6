import { execFile, type ExecFileException } from 'node:child_process';

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
    execFile(file, args, { cwd, signal, timeout: timeoutMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      const written = `${stdout}${stderr}`.trim();
      if (error === null) resolve({ succeeded: true, output: written });
      else resolve({ succeeded: false, output: explain(file, error, timeoutMs) ?? (written || error.message) });
    });
  });
}

/** undefined where the program itself says why. */
function explain(file: string, error: ExecFileException, timeoutMs: number): string | undefined {
  if (error.code === 'ENOENT') return `there is no program "${file}"`;
  return error.killed ? `${file} took longer than ${timeoutMs / 1000} s` : undefined;
}
