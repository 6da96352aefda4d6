import { open, rm } from 'node:fs/promises';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { canLoadFile } from '../../lib/contract/data-format';
import { latestBackup, paths } from '../../lib/contract/names';
import { findBackup, readCatalog, type Backup } from '../backup/catalog';
import type { ManifestShard } from '../backup/manifest';
import { measure } from '../backup/measure';
import { openStore } from '../backup/open-store';
import type { BackupStore } from '../backup/store';
import { whyDifferent } from '../backup/verify';
import { readDisk } from '../home/disk';
import { locate } from '../home/paths';
import { writeRestoreMarker } from '../home/restore-marker';
import { setAside } from '../home/set-aside';
import type { RestoreProgress } from '../view-restore';
import { placeSnapshot, removePlaced } from './place';
import type { RestoreOrder } from './restorer';

/** Where it comes from and goes to. */
export interface BringOptions {
  readonly config: AgentConfig;
  /** Folder of the agent's files, see {@link locate}. */
  readonly home: string;
  /** Told how far it is, again and again. */
  readonly note: (progress: RestoreProgress) => void;
  /** Aborted when it is to be given up. */
  readonly signal: AbortSignal;
}

/**
 * Brings a shard's part of a backup to the volume of this node, whose server does not run. Cut short at any moment it is begun anew: the server's
 * files get their names when every byte is there and is what the manifest says. A shard for which the backup has no part is left empty.
 *
 * @throws Error that says what is wrong, with nothing on the volume that a server would load
 */
export async function bring({ config, home, note, signal }: BringOptions, order: RestoreOrder): Promise<void> {
  const { restore } = config;
  if (!restore) throw new Error('the spec has no "restore" any more');
  await setAside(home);
  const { restore: marker, hasFiles = false } = await readDisk(home, config);
  if (hasFiles && !marker) throw new Error('there is data on the volume already, and it is never overwritten');
  const store = await openStore(restore.source, home);
  try {
    const folder = `${restore.database}/`;
    // What was the latest when this began is what the other shards have been told of.
    const name = order.backup === latestBackup && marker ? marker.backup : order.backup;
    const found = findBackup(await readCatalog(store, folder), name);
    demandWhole(found, config);
    const part = found.manifest.shards[order.shard];
    note({ backup: found.name, bytes: 0, ofBytes: part?.bytes ?? 0 });
    const isThere = hasFiles && marker?.backup === found.name;
    if (!isThere) {
      // The part of another backup, on which no server has ever started: the note goes when one does.
      if (hasFiles) await removePlaced(locate(home, paths.data));
      await writeRestoreMarker(home, { backup: found.name, done: false });
      if (part) await copy({ store, folder, backup: found.name, part }, { config, home, note, signal });
    }
    signal.throwIfAborted();
    await writeRestoreMarker(home, { backup: found.name, done: true });
  } finally {
    store.close();
  }
}

function demandWhole({ name, manifest, damage }: Backup, { shards, topology }: AgentConfig): void {
  if (damage !== undefined) throw new Error(`backup ${name} is damaged: ${damage}`);
  const [has, wanted] = [manifest.shards.length, shards.length];
  if (has <= wanted) return;
  const count = (number: number): string => `${number} ${number === 1 ? 'shard' : 'shards'}`;
  const advice =
    topology === 'cluster'
      ? `say "shards: ${has}" first, and have fewer once the data is there`
      : 'it can only become a cluster again';
  throw new Error(`backup ${name} has ${count(has)}, and the spec ${count(wanted)}: ${advice}`);
}

interface Origin {
  readonly store: BackupStore;
  /** Of the database, with a `/` at its end. */
  readonly folder: string;
  readonly backup: string;
  readonly part: ManifestShard;
}

async function copy(
  { store, folder, backup, part }: Origin,
  { config, home, note, signal }: BringOptions,
): Promise<void> {
  const draft = locate(home, paths.restoreDraft);
  const measuring = measure(await store.get(`${folder}${backup}/${part.file}`));
  const file = await open(draft, 'w', 0o600);
  try {
    let bytes = 0;
    for await (const piece of measuring.content) {
      signal.throwIfAborted();
      if (bytes === 0) demandReadable(piece, config);
      await file.writeFile(piece);
      bytes += piece.length;
      note({ backup, bytes, ofBytes: part.bytes });
    }
    const why = whyDifferent(part, measuring.result());
    if (why !== undefined) throw new Error(why);
    await file.sync();
    await file.close();
    signal.throwIfAborted();
    await placeSnapshot(draft, locate(home, paths.data), config);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
}

/** The first nine bytes say who wrote it, and in which format. */
function demandReadable(piece: Buffer, { engine }: AgentConfig): void {
  const header = piece.toString('latin1', 0, 9);
  if (!canLoadFile(engine, header)) {
    throw new Error(
      `${engine.name} ${engine.version} does not load what begins with "${header}": use the engine and version that wrote it, or newer`,
    );
  }
}
