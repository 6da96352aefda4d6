import type { AgentConfig } from '../../lib/contract/agent-config';
import type { Log } from '../edges';
import { readCatalog, removeBackup } from './catalog';
import { folderOf } from './manifest';
import { findExpired } from './retention';
import type { BackupStore } from './store';

/** No backup takes that long; what belongs to none after it was left by a process that was killed. Milliseconds. */
const strayMs = 24 * 3_600_000;

/** Removes backups of this database that are not kept any longer, and what is left of ones that were never finished. */
export async function tidyUp(config: AgentConfig, store: BackupStore, now: Date, log: Log): Promise<void> {
  const folder = folderOf(config);
  const { backups, strays } = await readCatalog(store, folder);
  for (const name of findExpired(backups, config.backup!, now)) {
    await removeBackup(store, folder, name);
    log.info({ command: 'backup', backup: name }, `backup ${name} is not kept any longer`);
  }
  const before = new Date(now.getTime() - strayMs);
  for (const { key, modifiedAt } of strays) if (modifiedAt < before) await store.remove(key);
  await store.abandon(folder, before);
}
