import type { AgentConfig } from '../../lib/contract/agent-config';
import { version } from '../../lib/contract/version';
import type { Log } from '../edges';
import { folderOf, manifestFile, nameOf, type BackupCause, type Manifest, type ManifestShard } from './manifest';
import { measure } from './measure';
import type { Snapshot } from './replica-connection';
import {
  chooseSources,
  demandSameOwners,
  readSlotOwners,
  type Candidate,
  type SlotOwners,
  type Source,
} from './sources';
import type { BackupStore } from './store';

/** Shards that are copied at once: more of them show moments that are closer, and take more memory. */
const shardsAtOnce = 3;

/** What it takes to make a backup. */
export interface BackupEdges {
  readonly config: AgentConfig;
  /** Looks at every server. */
  readonly look: () => Promise<readonly Candidate[]>;
  readonly openSnapshot: (source: Source, signal: AbortSignal) => Promise<Snapshot>;
  readonly store: BackupStore;
  /** Time of day, in UTC. */
  readonly now: () => Date;
  readonly log: Log;
  /** Aborted when the backup is to be given up. */
  readonly signal: AbortSignal;
}

/**
 * Copies every shard to the store. What was written is removed where one of them fails: a backup has all of them, and a manifest
 * that says so.
 *
 * @returns undefined where a backup was to be made once, and is there
 * @throws Error with the first thing that went wrong
 */
export async function makeBackup(edges: BackupEdges, why: BackupCause): Promise<Manifest | undefined> {
  const { config, store, now } = edges;
  const startedAt = now();
  const name = nameOf(why, startedAt);
  const folder = `${folderOf(config)}${name}/`;
  const there = (await store.list(folder + manifestFile)).length > 0;
  if (there && why.cause === 'once') return undefined;
  if (there) throw new Error(`there is a backup "${name}" in ${store.where} already`);
  const candidates = await edges.look();
  const owners = readSlotOwners(config, candidates);
  const sources = chooseSources(config, candidates);
  try {
    const shards = await copyAll(edges, sources, owners, folder);
    demandSameOwners(owners, readSlotOwners(config, await edges.look()));
    const manifest = describe(config, why, { name, startedAt, finishedAt: now(), shards });
    const json = Buffer.from(JSON.stringify(manifest, null, 2) + '\n');
    await store.put(folder + manifestFile, only(json), json.length);
    return manifest;
  } catch (error) {
    await cleanUp(edges, folder);
    throw error;
  }
}

function describe(
  { namespace, database, topology, engine }: AgentConfig,
  why: BackupCause,
  made: {
    readonly name: string;
    readonly startedAt: Date;
    readonly finishedAt: Date;
    readonly shards: ManifestShard[];
  },
): Manifest {
  return {
    manifest: 1,
    name: made.name,
    namespace,
    database,
    topology,
    engine,
    agent: version,
    cause: why.cause,
    ...(why.cause === 'schedule' ? { schedule: why.schedule } : {}),
    startedAt: made.startedAt.toISOString(),
    finishedAt: made.finishedAt.toISOString(),
    shards: made.shards,
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a store takes what comes piece by piece
async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** A few at once, in their order. The first that fails ends the others. */
async function copyAll(
  edges: BackupEdges,
  sources: readonly Source[],
  owners: SlotOwners,
  folder: string,
): Promise<ManifestShard[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([edges.signal, failed.signal]);
  const queue = [...sources.entries()];
  const shards: ManifestShard[] = [];
  let reason: unknown;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next && !failed.signal.aborted; next = queue.shift()) {
      const [index, source] = next;
      try {
        shards[index] = await copy({ ...edges, signal }, source, owners, folder);
      } catch (error) {
        reason ??= error;
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: shardsAtOnce }, work));
  if (reason !== undefined) throw reason as Error;
  return shards;
}

async function copy(edges: BackupEdges, source: Source, owners: SlotOwners, folder: string): Promise<ManifestShard> {
  const { shard, node, server } = source;
  const file = `${shard}.rdb`;
  const began = performance.now();
  try {
    const snapshot = await edges.openSnapshot(source, edges.signal);
    const { replicationId, offset, content } = snapshot;
    const measuring = measure(content);
    await edges.store.put(folder + file, measuring.content, server.usedMemoryBytes).finally(snapshot.close);
    const { bytes, sha256 } = measuring.result();
    const ms = Math.round(performance.now() - began);
    edges.log.info({ command: 'backup', shard, from: node.name, bytes, ms }, `${shard} is copied from ${node.name}`);
    return {
      name: shard,
      file,
      bytes,
      sha256,
      node: node.name,
      role: server.role,
      serverVersion: server.version,
      ...(server.cluster ? { nodeId: server.cluster.id, slots: owners[shard]!.map(([from, to]) => [from, to]) } : {}),
      replicationId,
      offset,
    };
  } catch (error) {
    throw new Error(`${shard} cannot be copied from ${node.name}: ${(error as Error).message}`, { cause: error });
  }
}

/** What cannot be removed now is no backup either, and is removed by a later one. */
async function cleanUp({ store, log, now }: BackupEdges, folder: string): Promise<void> {
  try {
    await store.abandon(folder, now());
    for (const { key } of await store.list(folder)) await store.remove(key);
  } catch (error) {
    log.warn({ command: 'backup', error }, `what was written to ${folder} is not removed yet`);
  }
}
