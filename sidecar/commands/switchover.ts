import { hasRecord } from '../../lib/contract/engines';
import type { AgentConfig } from '../../lib/contract/agent-config';
import { act } from '../act';
import { createDatabaseObserver } from '../observe';
import { wishForMs } from '../orders';
import { nodesOf } from '../own-node';
import { createSlotKeeper } from '../slot-keeper';
import { primaryNow, whyNoCandidate } from '../steps/candidate';
import { whyNotSafe } from '../steps/end';
import { members } from '../steps/members';
import { copiesFrom, inOffice, nodeOf, running } from '../steps/replication/copies';
import { newestRecord } from '../steps/replication/newest-record';
import type { DatabaseView } from '../view';
import { wire, type Wiring } from '../wire';
import { requireNoPause } from './pause';

/** Which shard, and how long to wait. */
export interface SwitchoverOptions {
  /** Needed where no node is named and there are several. */
  readonly shard?: string;
  /** Seconds until the handover has to be complete. */
  readonly timeout: number;
}

/** Who is to hand over to whom. */
export interface Switchover {
  readonly shard: string;
  readonly from: string;
  readonly to: string;
}

/** Pause between two looks. Milliseconds. */
const pauseMs = 10;

/**
 * Makes a node the primary of its shard by a handover that loses no write, and waits until that is verified.
 *
 * @param name of the node; where it is missing the best replica of the shard
 * @returns 0 where it is done, 1 where it was not in time: the primary is then who it was, or the new one without the old as its replica yet
 * @throws Error where the node is not good enough, with the reason
 */
export async function switchover(
  env: NodeJS.ProcessEnv,
  name: string | undefined,
  options: SwitchoverOptions,
): Promise<number> {
  const wiring = await wire(env);
  const config = wiring.config.current;
  try {
    await requireNoPause(wiring);
    const { observe } = createDatabaseObserver({ ...wiring, config });
    const view = await observe();
    const change = chooseSwitchover(view, config(), { ...options, ...(name === undefined ? {} : { name }) });
    return await carryOut(change, view, wiring, options.timeout);
  } finally {
    wiring.close();
  }
}

/** @throws Error where nobody can take over, or not who is asked for */
export function chooseSwitchover(
  view: DatabaseView,
  config: AgentConfig,
  { name, shard: given }: { readonly name?: string; readonly shard?: string },
): Switchover {
  requireRoles(config);
  const shard = shardOf(config, name, given);
  const mates = nodesOf({ ...config, shards: config.shards.filter((one) => one.name === shard) }).map(
    (one) => one.name,
  );
  const wished = config.primaries?.find((one) => mates.includes(one));
  if (wished !== undefined && wished !== name) {
    throw new Error(`the spec wants ${wished} as the primary of ${shard}: change it there`);
  }
  const from = primaryNow(shard, view, config);
  if (name !== undefined) {
    const why = whyNoCandidate(name, view, config);
    if (why !== undefined) throw new Error(`${name} cannot take over: ${why}`);
    return { shard, from: from!, to: name };
  }
  const doubts = mates.map((mate) => ({ mate, why: whyNoCandidate(mate, view, config) }));
  const [best] = doubts
    .filter(({ why }) => why === undefined)
    .sort((a, b) => rankOf(a.mate, view) - rankOf(b.mate, view) || offsetOf(b.mate, view) - offsetOf(a.mate, view));
  if (best) return { shard, from: from!, to: best.mate };
  throw new Error(`nobody of ${shard} can take over: ${doubts.map(({ mate, why }) => `${mate}: ${why!}`).join('; ')}`);
}

function requireRoles({ topology }: AgentConfig): void {
  if (topology === 'cluster' || hasRecord(topology)) return;
  const instead: Partial<Record<typeof topology, string>> = {
    standalone: 'it has one node, and nobody to hand over to',
    'multi-master': 'each node is a primary; "preferredWriter" of the spec says which one writers are sent to',
  };
  throw new Error(`topology "${topology}" has no switchover: ${instead[topology]!}`);
}

function shardOf({ shards }: AgentConfig, name: string | undefined, given: string | undefined): string {
  const names = shards.map((shard) => shard.name);
  if (given !== undefined && !names.includes(given)) {
    throw new Error(`--shard: expected one of ${names.join(', ')}, got "${given}"`);
  }
  if (name === undefined) {
    if (given === undefined && names.length > 1)
      throw new Error(`name a node, or a shard: --shard, one of ${names.join(', ')}`);
    return given ?? names[0]!;
  }
  const own = shards.find(({ nodes }) => nodes.some((node) => node.name === name))?.name;
  if (own === undefined) {
    const nodes = shards.flatMap((shard) => shard.nodes.map((node) => node.name));
    throw new Error(`node "${name}": expected one of ${nodes.join(', ')}`);
  }
  if (given !== undefined && given !== own) throw new Error(`${name} is of ${own}, not of ${given}`);
  return own;
}

/** In a cluster priorities are nobody's concern. */
function rankOf(name: string, view: DatabaseView): number {
  const { server } = nodeOf(view, name)!;
  return server.state === 'up' ? (server.copy?.priority ?? 0) : 0;
}

function offsetOf(name: string, { nodes }: DatabaseView): number {
  const server = nodes.find((node) => node.name === name)?.server;
  return server?.state === 'up' ? server.offset : -1;
}

async function carryOut(change: Switchover, view: DatabaseView, wiring: Wiring, timeout: number): Promise<number> {
  const { clock, config } = wiring;
  const { observe } = createDatabaseObserver({ ...wiring, config: config.current });
  const began = clock.now();
  const took = () => `${Math.round(clock.now() - began)} ms`;
  await order(change, view, wiring);
  let since: string | undefined;
  let why: string | undefined = 'it has not begun';
  while (clock.now() - began < timeout * 1000) {
    const now = await observe();
    if (primaryNow(change.shard, now, config.current()) === change.to) since ??= took();
    why = since === undefined ? `${change.from} is the primary still` : whyUnverified(change, now, config.current());
    if (since !== undefined && why === undefined) {
      process.stdout.write(
        `${change.to} is the primary of ${change.shard}, seen after ${since}; ${change.from} follows it, after ${took()}\n`,
      );
      return 0;
    }
    if (since === undefined && clock.now() - began > wishForMs) break;
    await clock.sleep(pauseMs);
  }
  process.stderr.write(`keyspace: not complete within ${took()}: ${why}\n`);
  return 1;
}

/** In a cluster the replica is told; else the primary's agent, which alone may give the office away. */
async function order({ from, to }: Switchover, view: DatabaseView, wiring: Wiring): Promise<void> {
  const config = wiring.config.current;
  if (config().topology === 'cluster') {
    const { id } = members(view).find((member) => member.name === to)!.cluster;
    return act(
      { do: 'failover', node: to, id, from, force: false },
      { ...wiring, config, slots: createSlotKeeper({ ...wiring, config }) },
    );
  }
  const node = nodesOf(config()).find((one) => one.name === from)!;
  return wiring.peers.request(node, nodeOf(view, from)!.address!, {
    do: 'hand-over',
    to,
    epoch: newestRecord(view)!.epoch,
  });
}

/** What is missing until the old primary is a replica of the new one, and another node knows. */
function whyUnverified({ from, to }: Switchover, view: DatabaseView, { topology }: AgentConfig): string | undefined {
  if (topology === 'cluster') {
    const old = members(view).find((member) => member.name === from);
    if (old?.self.role !== 'replica') return `${from} does not follow yet`;
    return whyNotSafe(old, view);
  }
  const primary = nodeOf(view, to)!;
  if (!inOffice(primary.server)) return `${to} does not take writes yet`;
  const old = running(nodeOf(view, from)!.server);
  return old?.role === 'replica' && old.linkUp && copiesFrom(old, primary) ? undefined : `${from} does not follow yet`;
}
