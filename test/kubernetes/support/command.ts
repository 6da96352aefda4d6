import { execFile } from 'node:child_process';

/** How a command is run. */
export interface CommandOptions {
  /** What it reads from standard input. */
  readonly input?: string;
  /** Killed after that long. @default 30000 */
  readonly boundMs?: number;
}

/** Longest output that is read; the log of a writer takes some megabytes. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to standard output
 * @throws Error with the command and what it wrote to standard error, where it fails or takes too long
 */
export function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { input, boundMs = 30_000 } = options;
  return new Promise((resolve, reject) => {
    const bounds = { timeout: boundMs, killSignal: 'SIGKILL', maxBuffer: maxBytes } as const;
    const child = execFile(program, args, bounds, (error, output, complaint) => {
      const why = error?.killed ? `no end within ${boundMs} ms` : complaint.trim() || error?.message;
      if (error) reject(new Error(`${[program, ...args].join(' ')}: ${why}`));
      else resolve(output);
    });
    // A program that ends before it has read everything says so by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** `kubectl`, with the cluster that KUBECONFIG names. */
export const kubectl = (args: readonly string[], options?: CommandOptions): Promise<string> =>
  run('kubectl', args, options);
