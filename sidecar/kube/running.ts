import * as z from 'zod';

import { keys, objectNames } from '../../lib/contract/names';
import type { Running } from '../before-sync';
import { find } from './find';
import { createLeaseStore } from './lease-store';
import type { LeaseStoreOptions } from './owned-lease';

const configMap = z.object({ data: z.record(z.string(), z.string()).default({}) });

/** As much of any contract, older or newer, as everybody understands. */
const contractSchema = z.object({
  topology: z.enum(['standalone', 'replication', 'sentinel', 'cluster', 'multi-master']),
  shards: z.array(z.object({ name: z.string() })).transform((shards) => shards.map(({ name }) => name)),
  state: z.enum(['running', 'paused', 'hibernated']).optional(),
  rebalancing: z.enum(['on', 'paused', 'cancelled']).optional(),
});

const amount = z.object({ slots: z.number(), keys: z.number(), bytes: z.number() });

const reportSchema = z.object({
  drain: z
    .object({
      by: z.string().optional(),
      shards: z.array(z.string()),
      slots: z.number(),
      done: z.boolean(),
      why: z.string().optional(),
    })
    .optional(),
  moving: z
    .object({
      left: amount,
      moved: amount,
      slotsPerSecond: z.number(),
      bytesPerSecond: z.number(),
      secondsLeft: z.number().optional(),
    })
    .optional(),
  paused: z.string().optional(),
  updated: z.string(),
});

/** A database as its ConfigMaps and its Lease show it, with the right to read those and to write beside the Lease. */
export function createRunning(options: LeaseStoreOptions): Running {
  const { client, namespace, database } = options;
  const names = objectNames(database);
  const read = async (name: string): Promise<Readonly<Record<string, string>>> => {
    const found = await find(client, `/api/v1/namespaces/${namespace}/configmaps/${name}`);
    return found === undefined ? {} : configMap.parse(found).data;
  };
  return {
    async contract() {
      // One key for each schema; the last is the newest.
      const [text] = Object.entries(await read(names.agentConfig))
        .sort(([a], [b]) => b.localeCompare(a, 'en', { numeric: true }))
        .map(([, document]) => document);
      return text === undefined ? undefined : contractSchema.parse(JSON.parse(text));
    },
    async report() {
      const text = (await read(names.status))[keys.status];
      return text === undefined ? undefined : reportSchema.parse(JSON.parse(text));
    },
    order: createLeaseStore(options).writeDrain,
  };
}
