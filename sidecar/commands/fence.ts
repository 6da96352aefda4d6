import { nodesOf } from '../own-node';
import { createDatabaseObserver } from '../observe';
import type { AgentReport, DatabaseView, NodeView } from '../view';
import { wire, type Wiring } from '../wire';
import { requireNoPause } from './pause';

/** How a fence is asked for. */
export interface FenceOptions {
  /** Also the last node that serves its shard. */
  readonly force?: boolean;
  /** Seconds to wait until it is so. */
  readonly timeout: number;
}

/** Pause between two questions to the node's agent. Milliseconds. */
const pauseMs = 250;

/**
 * Marks a node's pod as fenced, and waits until its server has ended.
 *
 * @returns 0 where it serves nobody any more, 1 where that was not so in time; the mark stays
 * @throws Error where there is no such node, or it is the last one that serves its shard
 */
export async function fenceNode(env: NodeJS.ProcessEnv, name: string, options: FenceOptions): Promise<number> {
  return withNode(env, name, async (wiring) => {
    const config = wiring.config.current;
    await requireNoPause(wiring);
    if (!options.force) {
      const why = whyNotFence(await createDatabaseObserver({ ...wiring, config }).observe(), name);
      if (why !== undefined) throw new Error(`${name} is not fenced: ${why}; --force fences it all the same`);
    }
    await wiring.platform.writeFence(name, true);
    const done = ({ fenced, server }: AgentReport) => fenced !== undefined && server === 'held';
    if (await reached(wiring, name, options.timeout * 1000, done)) {
      return say(`${name} is fenced: it serves nobody until: keyspace unfence ${name}`);
    }
    process.stderr.write(`keyspace: ${name} is marked as fenced, and not so within ${options.timeout} s\n`);
    return 1;
  });
}

/**
 * Takes the mark away, and waits until the node's agent knows.
 *
 * @returns 0 where the node may start, 1 where its agent did not say so in time
 * @throws Error where there is no such node, or the spec fences it
 */
export async function unfenceNode(
  env: NodeJS.ProcessEnv,
  name: string,
  { timeout }: Pick<FenceOptions, 'timeout'>,
): Promise<number> {
  return withNode(env, name, async (wiring) => {
    if (wiring.config.current().fenced?.includes(name)) {
      throw new Error(`the spec fences ${name}: take it out of "fenced" there`);
    }
    await requireNoPause(wiring);
    await wiring.platform.writeFence(name, false);
    if (await reached(wiring, name, timeout * 1000, ({ fenced }) => fenced === undefined)) {
      return say(`${name} is fenced no more, and may start`);
    }
    process.stderr.write(`keyspace: the mark of ${name} is gone, and its agent does not say so within ${timeout} s\n`);
    return 1;
  });
}

/** Why a node should not be taken out of service, or undefined where it may be: another of its shard serves, or would. */
export function whyNotFence({ nodes }: DatabaseView, name: string): string | undefined {
  const { shard, server } = nodes.find((node) => node.name === name)!;
  const mates = nodes.filter((node) => node.shard === shard && node.name !== name);
  const able = server.state === 'up' && server.role === 'replica' ? mates : mates.filter(mayLead);
  if (able.some(serves)) return undefined;
  return mates.length === 0
    ? 'its shard has no other node'
    : `no other node of ${shard} has all data and could serve (${mates.map((mate) => mate.name).join(', ')})`;
}

/** Not one with `replica-priority` 0, in a topology that knows it. */
const mayLead = ({ server }: NodeView): boolean => server.state !== 'up' || (server.copy?.priority ?? 1) > 0;

function serves({ server, ending, agent }: NodeView): boolean {
  if (server.state !== 'up' || server.loading || !server.linkUp || ending || agent === undefined) return false;
  const self = server.cluster?.table.find(({ myself }) => myself);
  return agent.serving !== false && !(self?.role === 'primary' && self.slots.length === 0);
}

/** @throws Error where the name is no node of the database */
async function withNode(
  env: NodeJS.ProcessEnv,
  name: string,
  work: (wiring: Wiring) => Promise<number>,
): Promise<number> {
  const wiring = await wire(env);
  try {
    const names = nodesOf(wiring.config.current()).map((node) => node.name);
    if (!names.includes(name)) throw new Error(`node "${name}": expected one of ${names.join(', ')}`);
    return await work(wiring);
  } finally {
    wiring.close();
  }
}

function say(sentence: string): number {
  process.stdout.write(`${sentence}\n`);
  return 0;
}

/** Has the node's agent look at its pod at once, and waits until it reports what is waited for. */
async function reached(
  { book, clock, config, peers }: Wiring,
  name: string,
  boundMs: number,
  done: (report: AgentReport) => boolean,
): Promise<boolean> {
  const node = nodesOf(config.current()).find((one) => one.name === name)!;
  const until = clock.now() + boundMs;
  let told = false;
  while (clock.now() < until) {
    const at = await book.locate(node);
    // One that cannot be told looks by itself.
    if (at && !told) {
      told = await peers.request(node, at, { do: 'look-again' }).then(
        () => true,
        () => false,
      );
    }
    const report = at && (await peers.report(node, at));
    if (report && done(report)) return true;
    await clock.sleep(pauseMs);
  }
  return false;
}
