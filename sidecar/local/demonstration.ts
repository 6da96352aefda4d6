import { setTimeout as delay } from 'node:timers/promises';

import type { Cluster } from 'ioredis';

import { connectCluster } from './client';
import type { Display } from './display';
import type { LocalDatabase } from './supervisor';
import type { Watch } from './watch';

/** Longest that writes may fail; a failover takes a fraction of it. */
const refusalBoundMs = 30_000;

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
 * @throws Error where a key is not what was written, or writes go on failing
 */
export async function demonstrate(stage: Stage): Promise<void> {
  const client = connectCluster(stage.database);
  try {
    await writeAndRead(client, stage);
    if (!stage.signal.aborted) await killPrimary(client, stage);
  } finally {
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

async function killPrimary(client: Cluster, { database, watch, display, signal }: Stage): Promise<void> {
  const { nodes } = await watch.look();
  const [key] = orders[0];
  const slot = await client.cluster('KEYSLOT', key);
  const owner = nodes.find(({ slots }) => holds(slots, slot));
  const heir = nodes.find(({ shard, role }) => shard === owner?.shard && role === 'replica');
  if (!owner || !heir) return display.say('no primary is killed: the one meant has no replica');
  display.say(`kill -9 ${database.pod(owner.name).server.pid() ?? ''}: the server of ${owner.name}, primary of slot ${slot}`);
  const killedAt = Date.now();
  await database.pod(owner.name).server.kill();
  await writeUntilAccepted(client, key, orders[0][1], signal);
  if (signal.aborted) return;
  display.say(`SET ${key} succeeds again ${Date.now() - killedAt} ms after the kill: ${heir.name} has taken over`);
  await readBack(client, display);
}

async function writeUntilAccepted(client: Cluster, key: string, value: string, signal: AbortSignal): Promise<void> {
  const endsAt = Date.now() + refusalBoundMs;
  let reason = '';
  while (!signal.aborted) {
    const accepted = await client.set(key, value).catch((error: unknown) => void (reason = (error as Error).message));
    if (accepted === 'OK') return;
    if (Date.now() > endsAt) throw new Error(`writes still fail ${refusalBoundMs / 1000} s after the kill: ${reason}`);
    await delay(attemptMs);
  }
}

/** Whether ranges as `0-5460,6000` have the slot. */
const holds = (ranges: string, slot: number): boolean =>
  ranges.split(',').some((range) => {
    const [first = NaN, last = first] = range.split('-').map((text) => (text === '' ? NaN : Number(text)));
    return slot >= first && slot <= last;
  });
