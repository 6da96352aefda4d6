import { spawnSync } from 'node:child_process';

const ask = (...options: string[]): string => spawnSync('ps', options, { encoding: 'utf8' }).stdout.trim();

/** Whether the process runs. One that has ended, and that nobody has asked about yet, does not. */
export function isAlive(pid: number): boolean {
  const state = ask('-o', 'stat=', '-p', `${pid}`);
  return state !== '' && !state.startsWith('Z');
}

/**
 * Ids of the processes that this one has started, and that are still its own.
 *
 * @param word stands in their command line
 */
export function childrenOf(parent: number, word = ''): number[] {
  const lines = ask('-eo', 'pid=,ppid=,args=').split('\n');
  return lines.flatMap((line) => {
    const [pid = '', ppid] = line.trim().split(/ +/);
    return Number(ppid) === parent && line.includes(word) ? [Number(pid)] : [];
  });
}
