import * as z from 'zod';

import type { AgentConfig } from '../../lib/contract/agent-config';

/** Name of the object that makes a backup one: written last, deleted first. */
export const manifestFile = 'manifest.json';

const moment = z.iso.datetime();

const shard = z.object({
  name: z.string(),
  /** Name of the object beside the manifest: an RDB file. */
  file: z.string(),
  bytes: z.int().nonnegative(),
  /** In hexadecimal. */
  sha256: z.string(),
  /** The node that was copied, and what it was then. */
  node: z.string(),
  role: z.enum(['primary', 'replica']),
  serverVersion: z.string(),
  /** In `cluster`: its id. */
  nodeId: z.string().optional(),
  /** In `cluster`: first and last hash slot of each range. */
  slots: z.array(z.tuple([z.int(), z.int()])).optional(),
  /** The moment in the stream of writes that the file shows. */
  replicationId: z.string(),
  offset: z.int().nonnegative(),
});

/** All that is known of a backup. */
export const manifestSchema = z.object({
  /** Number of this format. */
  manifest: z.literal(1),
  name: z.string(),
  database: z.string(),
  namespace: z.string(),
  topology: z.string(),
  engine: z.object({ name: z.string(), version: z.string() }),
  /** Version of the agent that made it. */
  agent: z.string(),
  /** Why it was made: by a schedule, for its name in `once`, or by somebody's command. */
  cause: z.enum(['schedule', 'once', 'command']),
  schedule: z.string().optional(),
  /** In UTC. */
  startedAt: moment,
  finishedAt: moment,
  shards: z.array(shard).min(1),
});

/** See {@link manifestSchema}. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What a manifest says of one shard. */
export type ManifestShard = Manifest['shards'][number];

/** Why a backup is made. */
export type BackupCause =
  | { readonly cause: 'schedule'; readonly schedule: string }
  | { readonly cause: 'once'; readonly name: string }
  | { readonly cause: 'command' };

/** Where the backups of a database are, below the store's own top. */
export const folderOf = ({ namespace, database }: Pick<AgentConfig, 'namespace' | 'database'>): string =>
  `${namespace}/${database}/`;

/** Name of a backup that is begun now: `20261121T030000Z-nightly`. In the order of time, and a file name everywhere. */
export function nameOf(why: BackupCause, now: Date): string {
  if (why.cause === 'once') return why.name;
  const time = now.toISOString().replace(/\.\d+|[-:]/g, '');
  return why.cause === 'schedule' ? `${time}-${why.schedule}` : time;
}
