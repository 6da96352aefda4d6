import { spawn } from 'node:child_process';

/** How a program went. */
export interface Outcome {
  readonly succeeded: boolean;
  /** All it wrote; where it could not be run at all, why. */
  readonly output: string;
}

/**
 * Runs a program to its end. Never rejects.
 *
 * @param timeoutMs after it the program is killed
 */
export function runProgram(file: string, args: readonly string[], timeoutMs: number, cwd?: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const add = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.once('error', () => resolve({ succeeded: false, output: `there is no program "${file}"` }));
    child.once('close', (code, signal) => {
      const late = signal === 'SIGKILL' ? `\n${file} took longer than ${timeoutMs / 1000} s` : '';
      resolve({ succeeded: code === 0, output: `${output.trim()}${late}` });
    });
  });
}
