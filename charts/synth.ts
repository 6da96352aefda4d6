import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { mirrorFolder } from './mirror';
import { readProject } from './project';

/**
 * Synthesizes the cdk8s app of a folder, as `cdk8s synth` does, but elsewhere first: an app that fails leaves the old
 * manifests as they are. (`cdk8s synth` empties the output folder before the app runs, and a GitOps tool that sees it
 * empty deletes the databases.)
 *
 * @returns the exit code: 0, or that of the app
 * @throws Error where the folder is no cdk8s project
 */
export function synthesize(folder: string, print: (line: string) => void): number {
  const { app, output } = readProject(folder);
  const stage = mkdtempSync(join(tmpdir(), 'keyspace-'));
  try {
    const { status, error } = spawnSync(app, {
      shell: true,
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, CDK8S_OUTDIR: stage },
    });
    if (error) throw new Error(`the app "${app}" does not run: ${error.message}`);
    // null: ended by a signal.
    if (status !== 0) return status ?? 1;
    const { written, removed } = mirrorFolder(stage, output);
    const name = (file: string) => relative(folder, join(output, file));
    for (const file of written) print(`wrote ${name(file)}`);
    for (const file of removed) print(`removed ${name(file)}`);
    if (written.length + removed.length === 0) print(`${relative(folder, output)} is up to date`);
    return 0;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
