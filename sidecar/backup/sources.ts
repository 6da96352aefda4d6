import type { AgentConfig, NodeConfig } from '../../lib/contract/agent-config';
import { slotCount } from '../../lib/contract/slot-count';
import { countSlots, formatSlots, mergeSlots } from '../slots';
import type { Address, ServerUp, ServerView, SlotRange, TableEntry } from '../view';

/** One node as the backup sees it. */
export interface Candidate {
  readonly shard: string;
  readonly node: NodeConfig;
  /** undefined where its name does not resolve. */
  readonly at: Address | undefined;
  readonly server: ServerView;
}

/** The node of a shard that is copied. */
export interface Source {
  readonly shard: string;
  readonly node: NodeConfig;
  readonly at: Address;
  readonly server: ServerUp;
}

/** Silence after which a replica is not in sync any more, though its link is up: three of the primary's pings. Seconds. */
const longestSilence = 30;

const isSynced = ({ server }: Source): boolean =>
  server.role === 'replica' && server.linkUp && server.linkSilentSeconds <= longestSilence;

/**
 * Chooses a node of each shard: a replica in sync with the most data, so that the primary is left alone, and the primary where there
 * is none. Where every node is a primary, one that writers are not sent to.
 *
 * @throws Error with every shard that has none
 */
export function chooseSources(config: AgentConfig, candidates: readonly Candidate[]): Source[] {
  const wanted = config.backup?.source ?? 'replica';
  const preferred = new Set(config.primaries);
  const found = config.shards.map(({ name }) => {
    const ready = candidates.flatMap((candidate) => (candidate.shard === name ? asSource(candidate) : []));
    const primaries = ready.filter(({ server }) => server.role === 'primary');
    const spared = primaries.filter(({ node }) => preferred.has(node.name) === (wanted === 'primary'));
    const replicas = wanted === 'replica' ? ready.filter(isSynced).sort(byData) : [];
    return replicas[0] ?? spared[0] ?? primaries[0];
  });
  const lacking = config.shards.filter((_, index) => !found[index]);
  if (lacking.length > 0) throw new Error(lacking.map(({ name }) => whyNone(name, wanted, candidates)).join('; '));
  return found.filter((source) => source !== undefined);
}

function asSource({ shard, node, at, server }: Candidate): Source[] {
  return at && server.state === 'up' && !server.loading ? [{ shard, node, at, server }] : [];
}

const byData = (a: Source, b: Source): number =>
  b.server.offset - a.server.offset || (a.node.name < b.node.name ? -1 : 1);

function whyNone(shard: string, wanted: string, candidates: readonly Candidate[]): string {
  const reasons = candidates.filter((candidate) => candidate.shard === shard).map(whyNot);
  const lack = wanted === 'replica' ? 'neither a replica in sync nor a primary' : 'no primary';
  return `${shard} has ${lack} to copy: ${reasons.join(', ')}`;
}

function whyNot({ node, at, server }: Candidate): string {
  if (!at) return `${node.name} has no address`;
  if (server.state !== 'up') return `${node.name} does not answer (${server.reason})`;
  if (server.loading) return `${node.name} is loading its data`;
  return `${node.name} is a replica${server.linkUp ? '' : ' without a link to its primary'}`;
}

/** Who has which slots, by shard. */
export type SlotOwners = Readonly<Record<string, readonly SlotRange[]>>;

/**
 * The slots of each shard, as its nodes that answer say; the newest word counts. Empty in other topologies than `cluster`.
 *
 * A backup is of one moment a shard, and those moments differ: a slot that moves in between would be in both or in neither.
 *
 * @throws Error where a slot is on its way from one shard to another, or in none
 */
export function readSlotOwners({ topology, shards }: AgentConfig, candidates: readonly Candidate[]): SlotOwners {
  if (topology !== 'cluster') return {};
  const clusters = candidates.flatMap(({ shard, server }) =>
    server.state === 'up' && server.cluster ? [{ shard, table: server.cluster.table }] : [],
  );
  const moving = clusters.flatMap(({ table }) => table.flatMap(({ openSlots }) => openSlots));
  if (moving.length > 0) throw new Error(`slots are being moved (${moving[0]!}), and would be in no shard or in two`);
  const owners = shards.map(({ name }): [string, readonly SlotRange[]] => {
    const primaries = clusters.filter(({ shard }) => shard === name).flatMap(({ table }) => primaryOf(table) ?? []);
    const newest = primaries.sort((a, b) => b.configEpoch - a.configEpoch)[0];
    return [name, newest?.slots ?? []];
  });
  const served = countSlots(mergeSlots(owners.flatMap(([, slots]) => slots)));
  if (served < slotCount) throw new Error(`${slotCount - served} of ${slotCount} slots are in no shard`);
  return Object.fromEntries(owners);
}

/** The line of the node's shard's primary in its own table. */
function primaryOf(table: readonly TableEntry[]): TableEntry | undefined {
  const myself = table.find((entry) => entry.myself);
  return myself?.role === 'replica' ? table.find(({ id }) => id === myself.primaryId) : myself;
}

/**
 * Compares who had which slots before and after.
 *
 * @throws Error where any has moved
 */
export function demandSameOwners(before: SlotOwners, after: SlotOwners): void {
  const moved = Object.keys(before).filter((shard) => formatSlots(before[shard]!) !== formatSlots(after[shard] ?? []));
  if (moved.length > 0) throw new Error(`slots of ${moved.join(', ')} were moved while the backup was made`);
}
