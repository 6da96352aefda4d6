import { quote } from '../problems';
import { formatBytes, parseQuantity } from '../quantity';
import type { SpecProblem } from '../spec-error';

const mebibyte = 2 ** 20;

/** An empty server with its replication backlog (10 MiB), allocator and connections. */
const leastHeadroom = 32 * mebibyte;

/** Below this the engine alone takes most of the memory. */
const leastLimit = 64 * mebibyte;

/** Share of the limit that has to stay free of data, and the share that does unless the spec says otherwise. */
const headroom = { least: 0.1, usual: 0.25 } as const;

const less = (limit: number, share: number): number =>
  mebibyte * Math.floor((limit - Math.max(leastHeadroom, limit * share)) / mebibyte);

/**
 * The `maxmemory` of a server that may use so much memory, in bytes.
 *
 * A quarter stays free: while a snapshot or a rewritten append-only file is made, every page that changes exists twice,
 * and what a slow replica has not read yet does not count as data. A server that goes over its limit is killed.
 */
export const defaultMaxMemory = (limit: number): number => less(limit, headroom.usual);

/** The `maxmemory` of a server in bytes, as the spec says it: a quantity, a share of the limit, or nothing. */
export function resolveMaxMemory(limit: number, maxMemory: string | undefined): number {
  if (maxMemory === undefined) return defaultMaxMemory(limit);
  const [, share] = /^(\d+)%$/.exec(maxMemory) ?? [];
  if (share === undefined) return parseQuantity(maxMemory) ?? 0;
  return mebibyte * Math.floor((limit * Number(share)) / 100 / mebibyte);
}

/** What is wrong with `maxMemory` (a quantity, a share, or undefined for the default) under a memory limit. */
export function memoryProblems(limitText: string, maxMemory: string | undefined): SpecProblem[] {
  const limit = parseQuantity(limitText) ?? 0;
  if (limit < leastLimit) {
    const message = `must be at least "${formatBytes(leastLimit)}", got ${quote(limitText)}; the server itself takes half of that`;
    return [{ path: ['resources', 'limits', 'memory'], message }];
  }
  const most = less(limit, headroom.least);
  if (maxMemory === undefined || resolveMaxMemory(limit, maxMemory) <= most) return [];
  const message = `must be at most "${formatBytes(most)}" under the memory limit ${quote(limitText)}, got ${quote(maxMemory)}; replication and snapshots need the rest, and a server over its limit is killed`;
  return [{ path: ['maxMemory'], message }];
}
