import { readCatalog } from '../backup/catalog';
import { renderCatalog } from '../backup/table';
import { folderOf } from '../backup/manifest';
import { withStore } from './backup';

/** Prints what backups there are, oldest first. */
export async function printBackups(env: NodeJS.ProcessEnv, options: { readonly json?: boolean }): Promise<void> {
  await withStore(env, async ({ config }, store) => {
    const catalog = await readCatalog(store, folderOf(config()));
    const { backups, unreadable } = catalog;
    process.stdout.write(
      options.json ? JSON.stringify({ backups, unreadable }, null, 2) + '\n' : renderCatalog(catalog, store.where),
    );
  });
}
