import { setTimeout as delay } from 'node:timers/promises';

import type { RedisOptions } from 'ioredis';

import { createConnections, type Connections, type Endpoint } from './connections';
import { createPrimaryTable } from './primary-table';
import { createSentinelTable } from './sentinel-table';
import { createSlotTable, type SlotTable } from './slot-table';

/** Where to write. */
export interface RecorderOptions {
  /** Some servers, where they are now. */
  readonly seeds: () => readonly Endpoint[];
  readonly credentials: Pick<RedisOptions, 'username' | 'password' | 'tls'>;
  /** Every key is on one primary, and replicas redirect nobody. @default false */
  readonly whole?: boolean;
  /** Seeds are Sentinels, which are asked for the primary of that name. @default seeds are servers */
  readonly master?: string;
  /** Told of every write that counts: see {@link confirmations}. */
  readonly acknowledged: (write: Write) => void;
  /** How many replicas must confirm a write before it counts; with 0 nobody is asked to wait for them. @default 1 */
  readonly confirmations?: 0 | 1;
  /** Told when a slot takes writes again that has taken none for so many milliseconds, if they are more than a thousand. */
  readonly resumed?: (silentMs: number, slot: number) => void;
  /** Pause of each writer after a write, where others need the machine too. Milliseconds. @default 0 */
  readonly paceMs?: number;
}

/** A write that its primary has accepted, and as many replicas have confirmed as were asked to. */
export interface Write {
  readonly key: string;
  readonly value: string;
}

/** A writer that never stops by itself. */
export interface Recorder {
  /** Longest time in which no write to one and the same slot was accepted: what a client of the worst slot has felt. Milliseconds. */
  readonly longestSilenceMs: () => number;
  /** Resolves when the last write is over. */
  readonly stop: () => Promise<void>;
}

/** Writers at a time, so that a shard that is away does not silence the others. */
const writers = 4;

/** Hash tags, spread over the slots by chance: enough that every shard has some. */
const tags = Array.from({ length: 64 }, (_, i) => `t${i}`);

/** What is called a silence. Milliseconds. */
const noticedMs = 1000;

/** Pause after a write that was refused. Milliseconds. */
const refusedMs = 10;

/**
 * Writes one new key after the other to a cluster, each followed by `WAIT 1 100` on the same connection in the same
 * packet. What a replica has confirmed must survive the loss of the primary; everything else may be lost.
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { seeds, credentials, acknowledged, confirmations = 1, paceMs = 0 } = options;
  const connections = createConnections(credentials);
  const table = tableOf(options, connections);
  await table.refresh();
  const slots = options.whole ? tags.map(() => 0) : await slotsOf(seeds(), connections);
  const run = Math.random().toString(36).slice(2, 8);
  const lastWrites = tags.map(() => performance.now());
  let longestMs = 0;
  let stopped = false;
  let count = 0;

  async function writeOnForever(): Promise<void> {
    while (!stopped) {
      const number = count++;
      const tag = number % tags.length;
      const write = { key: `recorder:${run}:{${tags[tag]!}}:${number}`, value: `${number}` };
      const { accepted, confirmed } = await attempt({ ...write, confirmations }, slots[tag]!, table, connections);
      if (confirmed) acknowledged(write);
      if (accepted) {
        const silentMs = performance.now() - lastWrites[tag]!;
        if (silentMs > noticedMs) options.resumed?.(silentMs, slots[tag]!);
        longestMs = Math.max(longestMs, silentMs);
        lastWrites[tag] = performance.now();
        if (paceMs > 0) await delay(paceMs);
      } else {
        await delay(refusedMs);
        await table.refresh();
      }
    }
  }

  const all = Promise.all(Array.from({ length: writers }, writeOnForever));
  return {
    longestSilenceMs: () => Math.max(longestMs, performance.now() - Math.min(...lastWrites)),
    async stop() {
      stopped = true;
      await all;
      connections.close();
    },
  };
}

function tableOf({ seeds, whole, master }: RecorderOptions, connections: Connections): SlotTable {
  if (master !== undefined) return createSentinelTable(seeds, master, connections);
  return whole ? createPrimaryTable(seeds, connections) : createSlotTable(seeds, connections);
}

/** The slots of the tags, as the first server that answers computes them. */
async function slotsOf(seeds: readonly Endpoint[], { open }: Connections): Promise<number[]> {
  for (const seed of seeds) {
    const redis = await open(seed).catch(() => undefined);
    if (redis) return Promise.all(tags.map((tag) => redis.cluster('KEYSLOT', tag)));
  }
  throw new Error(`no server answers at ${seeds.join(', ')}`);
}

/** What is sent. */
type Attempt = Write & Required<Pick<RecorderOptions, 'confirmations'>>;

/** What became of a write. */
interface Outcome {
  readonly accepted: boolean;
  /** As many replicas as were asked to have it too. */
  readonly confirmed: boolean;
  /** '' where there was none. */
  readonly error: string;
}

const failed = (error: string): Outcome => ({ accepted: false, confirmed: false, error });

async function attempt(write: Attempt, slot: number, table: SlotTable, connections: Connections): Promise<Outcome> {
  const owner = table.owner(slot);
  if (owner === undefined) return failed('nobody owns the slot');
  const reply = await send(owner, write, connections);
  const [redirect, , target] = reply.error.split(' ');
  if (redirect === 'MOVED' && target) table.correct(slot, target);
  if (redirect !== 'ASK' || !target) return reply;
  return send(target, write, connections, ['asking']);
}

async function send(
  endpoint: Endpoint,
  { key, value, confirmations }: Attempt,
  { open }: Connections,
  before: string[] = [],
): Promise<Outcome> {
  try {
    const redis = await open(endpoint);
    const wait = confirmations > 0 ? [['wait', confirmations, 100]] : [];
    const commands = [...(before.length > 0 ? [before] : []), ['set', key, value], ...wait];
    const replies = ((await redis.pipeline(commands).exec()) ?? []).slice(before.length > 0 ? 1 : 0);
    const [[refused, ok] = [], [broken, replicas] = [undefined, 0]] = replies;
    const accepted = !refused && ok === 'OK';
    const confirmed = accepted && !broken && Number(replicas) >= confirmations;
    return { accepted, confirmed, error: (refused ?? broken)?.message ?? '' };
  } catch (error) {
    return failed((error as Error).message);
  }
}
