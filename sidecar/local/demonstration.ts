import { setTimeout as delay } from 'node:timers/promises';

import type { Cluster } from 'ioredis';

import { connectCluster } from './client';
import type { Display } from './display';
import type { LocalDatabase } from './supervisor';
import type { Watch } from './watch';

/** Longest that it may take; it takes a second. */
const boundMs = 30_000;

/** Pause between two attempts to write. */
const attemptMs = 5;

/** Keys that land in different shards. */
const orders = [
  ['order:1001', '2 coffees'],
  ['order:1002', 'a lamp'],
  ['order:1003', '3 notebooks'],
  ['order:1004', 'an umbrella'],
] as const;

/** What the demonstration has at hand. */
export interface Stage {
  readonly database: LocalDatabase;
  readonly watch: Watch;
  readonly display: Display;
  readonly signal: AbortSignal;
}

/**
 * Uses a healthy database as an application would, kills a primary under it, and reads everything back.
 *
 * @throws Error where a key is not what was written, or the writes fail for too long
 */
export async function demonstrate(stage: Stage): Promise<void> {
  const client = connectCluster(stage.database);
  const over = new AbortController();
  const giveUp = (): void => {
    over.abort();
    // Commands that wait for a connection would wait for ever.
    client.disconnect();
  };
  const bound = setTimeout(giveUp, boundMs);
  stage.signal.addEventListener('abort', giveUp);
  try {
    await writeAndRead(client, stage);
    await killPrimary(client, stage, over.signal);
  } catch (error) {
    if (stage.signal.aborted) return;
    throw over.signal.aborted ? new Error(`the demonstration took longer than ${boundMs / 1000} s`) : error;
  } finally {
    clearTimeout(bound);
    stage.signal.removeEventListener('abort', giveUp);
    client.disconnect();
  }
}

async function writeAndRead(client: Cluster, { display }: Stage): Promise<void> {
  for (const [key, value] of orders) {
    const reply = await client.set(key, value);
    display.say(`SET ${key} "${value}" -> ${reply} (slot ${await client.cluster('KEYSLOT', key)})`);
  }
  await readBack(client, display);
}

async function readBack(client: Cluster, display: Display): Promise<void> {
  for (const [key, value] of orders) {
    const found = await client.get(key);
    if (found !== value) throw new Error(`GET ${key}: expected "${value}", got "${found ?? 'nothing'}"`);
    display.say(`GET ${key} -> "${found}"`);
  }
}

async function killPrimary(client: Cluster, { database, watch, display }: Stage, over: AbortSignal): Promise<void> {
  const { nodes } = await watch.look();
  const [key, value] = orders[0];
  const slot = await client.cluster('KEYSLOT', key);
  const primary = nodes.find(({ slots }) => holds(slots, slot));
  const replica = nodes.find(({ shard, role }) => shard === primary?.shard && role === 'replica');
  if (!primary || !replica) {
    display.say('no primary is killed: the one meant has no replica');
    return;
  }
  // Replication is asynchronous: what the replica has not got yet would be lost with the primary.
  await watch.follow(over, (status) => status.nodes.find(({ name }) => name === replica.name)?.lagBytes === 0);
  const { server } = database.pod(primary.name);
  display.say(`kill -9 ${server.pid() ?? ''} (the server of ${primary.name}, primary of slot ${slot})`);
  const killedAt = Date.now();
  await server.kill();
  await writeUntilAccepted(client, key, value, over);
  display.say(`SET ${key} -> OK, ${Date.now() - killedAt} ms after the kill: ${replica.name} has taken over`);
  await readBack(client, display);
}

/** What an application that insists would do. */
async function writeUntilAccepted(client: Cluster, key: string, value: string, over: AbortSignal): Promise<void> {
  for (;;) {
    over.throwIfAborted();
    const reply = await client.set(key, value).catch(() => 'refused');
    if (reply === 'OK') return;
    await delay(attemptMs);
  }
}

/** Whether ranges as `0-5460,6000` have the slot. */
const holds = (ranges: string, slot: number): boolean =>
  ranges.split(',').some((range) => {
    const [first = NaN, last = first] = range.split('-').map((text) => (text === '' ? NaN : Number(text)));
    return slot >= first && slot <= last;
  });
