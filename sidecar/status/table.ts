import { slotCount } from '../../lib/contract/slot-count';
import type { DatabaseStatus, NodeStatus } from '../health';

/** Ranges that take more characters than this are counted instead. */
const longestSlots = 23;

/** Reasons beyond this many are counted: one lost host can be the reason of every node. */
const mostReasons = 10;

/** One column: its title, and its text for a node. */
interface Column {
  readonly title: string;
  readonly text: (node: NodeStatus) => string;
  readonly align?: 'right';
}

const columns: readonly Column[] = [
  { title: 'NODE', text: (node) => node.name },
  { title: 'ROLE', text: (node) => node.role },
  { title: 'STATE', text: (node) => node.state },
  { title: 'SLOTS', text: slots },
  { title: 'OFFSET', text: ({ state, offset }) => (state === 'up' ? `${offset}` : '-'), align: 'right' },
  { title: 'LAG', text: ({ lagBytes }) => (lagBytes === undefined ? '-' : formatBytes(lagBytes)), align: 'right' },
  { title: 'MEMORY', text: memory, align: 'right' },
  { title: 'HOST', text: ({ host, zone }) => (zone === '' ? host : `${host} (${zone})`) },
  { title: 'HEALTH', text: (node) => node.health },
];

/** Columns left out, one after the other, while the table is too wide. */
const dispensable = ['MEMORY', 'HOST', 'OFFSET', 'STATE'];

/**
 * The status for people: a sentence, the reasons for it, and a line a node. Ends with a line break.
 *
 * @param width characters in a line; columns that one can do without are left out of a table that is wider
 */
export function renderStatus(status: DatabaseStatus, width = Infinity): string {
  const { nodes, reasons } = status;
  const useful = columns.filter(({ title, text }) => title !== 'HOST' || nodes.some((node) => text(node) !== ''));
  const leaner = dispensable.map((_, i) => useful.filter(({ title }) => !dispensable.slice(0, i + 1).includes(title)));
  const tables = [useful, ...leaner].map((shown) => renderNodes(nodes, shown));
  const table = tables.find(([title = '']) => title.length <= width) ?? tables.at(-1)!;
  const lines = [...renderSource(status), ...renderDrain(status), ...renderMoving(status), ...renderReasons(reasons)];
  return [renderHeadline(status), ...lines, '', ...table, ...renderSentinels(status), ''].join('\n');
}

/** One sentence: `orders is Healthy: 6 of 6 nodes up, all 16384 slots served (valkey 8.1, cluster)`. */
export function renderHeadline({ database, paused, health, engine, topology, nodes }: DatabaseStatus): string {
  const up = nodes.filter(({ state }) => state === 'up').length;
  const served = nodes.reduce((sum, node) => sum + node.slotCount, 0);
  const slotsServed = served === slotCount ? `all ${slotCount}` : `${served} of ${slotCount}`;
  const slotsPart = topology === 'cluster' ? `, ${slotsServed} slots served` : '';
  const state = paused === undefined ? health : `Paused (${paused}) and ${health}`;
  return `${database} is ${state}: ${up} of ${nodes.length} nodes up${slotsPart} (${engine}, ${topology})`;
}

/** `  follows old.example.org:6379: linked, 0 B behind` */
function renderSource({ source }: DatabaseStatus): string[] {
  if (!source) return [];
  const { name, state, lagBytes, copiedBytes } = source;
  if (state === 'refused') return [`  does not follow ${name}`];
  const copied = copiedBytes === undefined ? '' : `, ${formatBytes(copiedBytes)} have arrived`;
  const behind = lagBytes === undefined ? '' : `, ${lagBytes === 0 ? 'nothing' : formatBytes(lagBytes)} behind`;
  return [`  follows ${name}: ${state}${copied}${state === 'linked' ? behind : ''}`];
}

/** `Sentinels: 3 of 3 watch, 2 are needed` */
function renderSentinels({ sentinels }: DatabaseStatus): string[] {
  if (!sentinels) return [];
  const { count, watching, needed } = sentinels;
  return ['', `Sentinels: ${watching} of ${count} watch, ${needed} are needed`];
}

/** `  shard-3 leaves, as orders-drain-1a2b3c4d-x7k2p asks: 1024 slots to go` */
function renderDrain({ drain }: DatabaseStatus): string[] {
  if (!drain) return [];
  const { by, shards, slots: left, done } = drain;
  const leaves = `${shards.join(', ')} ${shards.length > 1 ? 'leave' : 'leaves'}`;
  return [`  ${leaves}${by === undefined ? '' : `, as ${by} asks`}: ${done ? 'drained' : `${left} slots to go`}`];
}

/** `  moving slots: 1024 of 4096 moved, 3072 slots with 150000 keys and 55 MiB left, 18 MiB/s, 3 s to go` */
function renderMoving({ moving }: DatabaseStatus): string[] {
  if (!moving) return [];
  const { left, moved, bytesPerSecond, secondsLeft } = moving;
  const amount = `${left.slots} slots with ${left.keys} keys and ${formatBytes(left.bytes)} left`;
  const time = secondsLeft === undefined ? '' : `, ${secondsLeft} s to go`;
  const total = left.slots + moved.slots;
  return [`  moving slots: ${moved.slots} of ${total} moved, ${amount}, ${formatBytes(bytesPerSecond)}/s${time}`];
}

function renderReasons(reasons: readonly string[]): string[] {
  const shown = reasons.slice(0, mostReasons).map((reason) => `  - ${reason}`);
  const more = reasons.length - shown.length;
  return more > 0 ? [...shown, `  - and ${more} more`] : shown;
}

function renderNodes(nodes: readonly NodeStatus[], shown: readonly Column[]): string[] {
  const widths = shown.map(({ title, text }) => Math.max(title.length, ...nodes.map((node) => text(node).length)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (shown[i]?.align === 'right' ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [line(shown.map(({ title }) => title)), ...nodes.map((node) => line(shown.map(({ text }) => text(node))))];
}

function slots({ slots: ranges, slotCount: count }: NodeStatus): string {
  if (ranges === '') return '-';
  return ranges.length <= longestSlots ? ranges : `${count} in ${ranges.split(',').length} ranges`;
}

function memory({ state, memoryUsedBytes, memoryMaxBytes }: NodeStatus): string {
  if (state !== 'up') return '-';
  const used = formatBytes(memoryUsedBytes);
  return memoryMaxBytes === 0 ? used : `${used} of ${formatBytes(memoryMaxBytes)}`;
}

/** `0 B`, `1.5 KiB`, `192 MiB`: three digits at most before the unit. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]!}`;
}
