import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '../../..');

/**
 * Makes one file for Node of a program and all that it imports.
 *
 * @param source its main file, from the project's root
 */
export function bundleProgram(source: string, file: string): void {
  const options = [
    '--bundle',
    '--platform=node',
    '--target=node20',
    '--external:@aws-sdk/*',
    '--log-level=error',
    `--outfile=${file}`,
  ];
  // The program, not its API: that takes jest's own Uint8Array for a foreign one.
  const esbuild = join(project, 'node_modules/.bin/esbuild');
  const { status, stderr } = spawnSync(esbuild, [source, ...options], { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${source} cannot be bundled: ${stderr}`);
}
