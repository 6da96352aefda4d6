import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { tell } from './progress';

/** The least that is a module of every engine: https://valkey.io/topics/modules-intro/ */
const source = `
int RedisModule_OnLoad(void *context, void **words, int count) {
  int (*get)(const char *, void *) = (int (*)(const char *, void *))((void **)context)[0];
  void (*set)(void *, const char *, int, int);
  get("RedisModule_SetModuleAttribs", &set);
  set(context, "least", 1, 1);
  return 0;
}
`;

/** Whether there is a compiler for C; where there is none that is said, except in CI, which has to have one. */
export function hasCompiler(): boolean {
  const found = spawnSync('cc', ['--version']).status === 0;
  if (!found) tell('no C compiler, cc, on the PATH: the test of modules is left out');
  return found || process.env.CI !== undefined;
}

/**
 * Compiles a module that does nothing.
 *
 * @returns its path, and what removes it
 * @throws Error where there is no compiler for C, `cc`
 */
export async function compileModule(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  // Not below a folder that pods have of their own, which on one machine are elsewhere.
  const folder = await mkdtemp('/var/tmp/keyspace-module-');
  const path = join(folder, 'least.so');
  await writeFile(join(folder, 'least.c'), source);
  await promisify(execFile)('cc', ['-shared', '-fPIC', '-o', path, join(folder, 'least.c')], { timeout: 30_000 });
  return { path, remove: () => rm(folder, { recursive: true }) };
}
