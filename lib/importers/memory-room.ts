import { memoryProblems } from '../spec/rules/memory';
import { formatBytes, parseQuantity } from '../spec/quantity';
import { resolveServerResources } from '../spec/rules/resources';
import { set, warning, type Effect } from './effect';
import { valueAt, type Block } from './leaves';

const mebibyte = 2 ** 20;

/** Share of its limit that a server may fill; the rest is for replication, snapshots and the process. */
const share = 0.75;

/** Least of the memory that is not for data. */
const headroom = 32 * mebibyte;

const least = 64 * mebibyte;

/**
 * A memory limit under which the data has room. The operators took any, and none: their servers were killed when they
 * were full, or took the memory of others.
 */
export function fitMemory(spec: Block): Effect[] {
  const said = (field: string) => valueAt(spec, ['resources', field, 'memory']);
  const [limit, request] = [said('limits'), said('requests')].map((value) =>
    typeof value === 'string' ? value : undefined,
  );
  const maxMemory = valueAt(spec, ['maxMemory']);
  const { limits } = resolveServerResources({ limits: { memory: limit }, requests: { memory: request } });
  const data = typeof maxMemory === 'string' ? maxMemory : undefined;
  if (data?.endsWith('%')) return fitShare(limits.memory, data);
  const fits = memoryProblems(limits.memory, data).length === 0;
  if (fits && limit !== undefined) return [];
  const bytes = data === undefined ? 0 : (parseQuantity(data) ?? 0);
  const room = Math.max(least, bytes + headroom, Math.ceil(bytes / share / mebibyte) * mebibyte);
  const wanted = fits ? limits.memory : formatBytes(Math.ceil(room / mebibyte) * mebibyte);
  const before = limit === undefined ? 'there was none' : `"${limit}" leaves no room beside maxMemory`;
  const message = `the memory limit is "${wanted}" from now on, and a server over it is killed; ${before}: check it`;
  return [set('resources.limits.memory', wanted), warning(message)];
}

/** The largest share of a limit that leaves enough beside it. */
function fitShare(limit: string, wanted: string): Effect[] {
  const percent = parseInt(wanted, 10);
  const shares = Array.from({ length: Math.min(99, percent) }, (_, index) => `${Math.min(99, percent) - index}%`);
  const fitting = shares.find((one) => memoryProblems(limit, one).length === 0);
  if (fitting === undefined || fitting === wanted) return [];
  return [
    set('maxMemory', fitting),
    warning(
      `maxMemory is "${fitting}" of the limit from now on; "${wanted}" leaves too little for replication and snapshots`,
    ),
  ];
}
