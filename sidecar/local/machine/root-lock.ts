import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from './error-code';

/**
 * Claims a root folder for this process, so that no two run on the same data.
 *
 * @returns gives it back
 * @throws Error where another process that is alive has it
 */
export async function lockRoot(root: string): Promise<() => Promise<void>> {
  const file = join(root, 'pid');
  await mkdir(root, { recursive: true });
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (holder > 0 && isAlive(holder)) {
    throw new Error(`folder "${root}" is in use by process ${holder}: end it, or choose another folder`);
  }
  await writeFile(file, `${process.pid}`);
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
