import { backupName, latestBackup } from '../../lib/contract/names';
import { findBackup, readCatalog } from '../backup/catalog';
import { makeBackup } from '../backup/make';
import { folderOf, type BackupCause } from '../backup/manifest';
import { openStore } from '../backup/open-store';
import { openSnapshot } from '../backup/replica-connection';
import type { Candidate } from '../backup/sources';
import type { BackupStore } from '../backup/store';
import { tidyUp } from '../backup/tidy';
import { verifyBackup } from '../backup/verify';
import { wireVisitor, type Visitor } from '../wire';

/** What `keyspace backup` is asked for; at most one of them. */
export interface BackupOptions {
  /** Name of the schedule that it is made for. */
  readonly schedule?: string;
  /** Name under which it is made, unless it is there. */
  readonly once?: string;
  /** Name of a backup that is read again instead; `latest` for the newest. */
  readonly verify?: string;
}

/**
 * Makes a backup, and removes those that are not kept any longer; or reads one again.
 *
 * @throws Error where there is no new backup, or where the one that was read is damaged
 */
export async function backup(env: NodeJS.ProcessEnv, options: BackupOptions, signal: AbortSignal): Promise<void> {
  if (Object.keys(options).length > 1) throw new Error('--schedule, --once and --verify: expected at most one of them');
  await withStore(env, async (visitor, store) => {
    if (options.verify !== undefined) return verify(visitor, store, options.verify);
    const why = causeOf(visitor, options);
    await make(visitor, store, why, signal);
  });
}

/** Opens the store of a database's backups for as long as the work takes. */
export async function withStore<T>(
  env: NodeJS.ProcessEnv,
  work: (visitor: Visitor, store: BackupStore) => Promise<T>,
): Promise<T> {
  const visitor = await wireVisitor(env);
  const { backup: configured, database } = visitor.config();
  try {
    if (!configured) throw new Error(`the spec of ${database} has no "backup", which says where backups go`);
    const store = await openStore(configured.destination, visitor.home);
    try {
      return await work(visitor, store);
    } finally {
      store.close();
    }
  } finally {
    visitor.close();
  }
}

/** As in the spec. A name is a folder of the store, and what is not one in there would never be found again. */
function requireName(name: string): string {
  if (backupName.test(name) && name !== latestBackup) return name;
  const form = `up to 63 lower-case letters, digits and "-", a letter or digit at both ends, and not "${latestBackup}"`;
  throw new Error(`--once: expected ${form}, got "${name}"`);
}

function causeOf({ config }: Visitor, { schedule, once }: BackupOptions): BackupCause {
  if (once !== undefined) return { cause: 'once', name: requireName(once) };
  if (schedule === undefined) return { cause: 'command' };
  const known = (config().backup?.schedules ?? []).map(({ name }) => name);
  if (known.includes(schedule)) return { cause: 'schedule', schedule };
  const choice = known.length > 0 ? `one of ${known.join(', ')}` : 'none, as the spec has no schedules';
  throw new Error(`--schedule: expected ${choice}, got "${schedule}"`);
}

async function make(visitor: Visitor, store: BackupStore, why: BackupCause, signal: AbortSignal): Promise<void> {
  const { log, home } = visitor;
  const config = visitor.config();
  const manifest = await makeBackup(
    {
      config,
      look: () => look(visitor),
      openSnapshot: ({ node, at }, until) => openSnapshot({ config, home, node, at, signal: until }),
      store,
      now: () => new Date(),
      log,
      signal,
    },
    why,
  );
  if (!manifest) {
    log.info({ command: 'backup' }, `the backup is in ${store.where} already`);
    return;
  }
  const bytes = manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const { name: made } = manifest;
  log.info({ command: 'backup', backup: made, bytes }, `backup ${made} is in ${store.where}`);
  // It is there, whatever becomes of older ones.
  await tidyUp(config, store, new Date(), log).catch((error: unknown) =>
    log.warn({ command: 'backup', error }, 'older backups could not be looked through'),
  );
}

/** Every server, asked once. */
async function look({ config, book, servers }: Visitor): Promise<Candidate[]> {
  const nodes = config().shards.flatMap(({ name, nodes }) => nodes.map((node) => ({ shard: name, node })));
  return Promise.all(
    nodes.map(async ({ shard, node }): Promise<Candidate> => {
      const at = await book.locate(node);
      if (!at) return { shard, node, at, server: { state: 'unreachable', reason: `${node.host} has no address` } };
      return { shard, node, at, server: await servers.of(node, at).look() };
    }),
  );
}

async function verify({ config, log }: Visitor, store: BackupStore, name: string): Promise<void> {
  const folder = folderOf(config());
  const found = findBackup(await readCatalog(store, folder), name);
  const problems = await verifyBackup(store, folder, found);
  if (problems.length > 0) throw new Error(`backup ${found.name} in ${store.where} is damaged: ${problems.join('; ')}`);
  log.info({ command: 'backup', backup: found.name }, `backup ${found.name} is as it was written`);
}
